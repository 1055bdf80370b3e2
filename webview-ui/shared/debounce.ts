export type Debounced = { request(): void; flush(): void; cancel(): void };

/** Runs `work` once things have been quiet for `ms`. */
export function debounce(ms: number, work: () => void): Debounced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    cancel,
    request() {
      cancel();
      timer = setTimeout(() => {
        timer = undefined;
        work();
      }, ms);
    },
    flush() {
      if (timer === undefined) return;
      cancel();
      work();
    },
  };
}
