import * as vscode from 'vscode';
import type { Disposable } from '../shared/events.ts';

/** Stands for a provider that is loaded when VS Code first asks something of it. */
export type StandIn<Provider> = {
  /** What VS Code is given. */
  readonly provider: Provider;
  /** The real one; disposing takes it out again. */
  fill(real: Provider): Disposable;
};

/**
 * Each of `methods` loads and goes on to the real provider; without one it answers undefined. `event` names the
 * provider's event of changes; `fixed` is what VS Code reads without calling.
 */
export function createStandIn<Provider extends object>(
  methods: readonly (keyof Provider & string)[],
  { load, event, fixed }: { load(): Promise<unknown>; event?: keyof Provider & string; fixed?: Partial<Provider> },
): StandIn<Provider> {
  let real: Provider | undefined;
  const changed = new vscode.EventEmitter<unknown>();

  const call = (method: keyof Provider, given: unknown[]) =>
    (real?.[method] as ((...args: unknown[]) => unknown) | undefined)?.apply(real, given);
  const forwarded = methods.map((method) => [
    method,
    (...given: unknown[]) => (real ? call(method, given) : load().then(() => call(method, given))),
  ]);
  const provider = { ...fixed, ...Object.fromEntries(forwarded), ...(event && { [event]: changed.event }) } as Provider;

  return {
    provider,
    fill(filling) {
      real = filling;
      const listen = event && (filling[event] as ((listener: (value: unknown) => void) => Disposable) | undefined);
      const listening = listen?.((value) => changed.fire(value));
      return {
        dispose() {
          listening?.dispose();
          real = undefined;
        },
      };
    },
  };
}
