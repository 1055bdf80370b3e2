/** What hands on a keyboard cannot do: move a pointer, or set focus and values from outside. */
const forbidden = new Set([
  ...['mouse', 'touchscreen', 'click', 'dblclick', 'tap', 'hover', 'dragTo', 'dragAndDrop', 'drop', 'dispatchEvent'],
  ...['focus', 'blur', 'fill', 'clear', 'press', 'pressSequentially', 'type', 'selectText', 'selectOption'],
  ...['check', 'uncheck', 'setChecked', 'setInputFiles'],
]);

/** A page of which `keyboard` alone can be used: anything else that acts throws, in the locators and frames it gives, too. */
export function keyboardOnly<Target extends object>(target: Target): Target {
  return new Proxy(target, {
    get(object, name) {
      if (forbidden.has(String(name))) throw new Error(`"${String(name)}" cannot be done by keyboard`);
      // Playwright keeps private fields, which only the object itself can read.
      const value: unknown = Reflect.get(object, name, object);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => guarded(value.apply(object, args));
    },
  });
}

function guarded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(guarded);
  if (value instanceof Promise) return value.then(guarded);
  return actsOnPage(value) ? keyboardOnly(value) : value;
}

const actsOnPage = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && typeof (value as { click?: unknown }).click === 'function';
