/** What can be typed to find prompts, for every box that takes it. */
export const searchHint = 'Words of paths, titles, descriptions, tags and contents; filters stage: tag: folder: label:';
export const searchExample = 'refund policy stage:PRD tag:legal label:"Production Candidate"';
