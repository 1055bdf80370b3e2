/** Longer texts, in bytes of a file or letters of a document, are no code that somebody wrote. */
export const longestText = 1024 * 1024;
/** Of so many files in a folder the references are read. */
export const mostFiles = 2000;
