const name = 'promptvault.token';

/** The token lives in this tab's session storage and in the headers of requests, nowhere else. */
export const session = {
  token: (): string | null => sessionStorage.getItem(name),
  start: (token: string): void => sessionStorage.setItem(name, token),
  end: (): void => sessionStorage.removeItem(name),
};
