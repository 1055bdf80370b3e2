/** Runs `action` once for all calls within `waitMs`: an import makes hundreds of changes and a view is drawn a few times. */
export function coalesce(action: () => void, waitMs = 80): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      action();
    }, waitMs);
  };
}
