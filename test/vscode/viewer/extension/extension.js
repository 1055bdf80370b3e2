const { copyFile, readFile } = require('node:fs/promises');
const { readFileSync, rmSync } = require('node:fs');
const { DatabaseSync } = require('node:sqlite');
const vscode = require('vscode');

/** Somebody else's extension that shows SQLite files: a second SQLite in the process that all extensions share. */
exports.activate = () => {
  let viewing = false;
  const seen = { views: 0, rows: 0, locked: 0 };

  /** Opens, reads and closes; each close of any descriptor drops all locks that this process has on the file. */
  function look(file) {
    try {
      const database = new DatabaseSync(file);
      seen.rows = database.prepare('SELECT count(*) AS rows FROM events').get().rows;
      database.close();
    } catch (error) {
      if (!/locked|busy/.test(error.message)) throw error;
      seen.locked += 1;
    }
    readFileSync(file);
    seen.views += 1;
  }
  async function keepLooking(file) {
    while (viewing) {
      look(file);
      await Promise.all([readFile(file), vscode.workspace.fs.readFile(vscode.Uri.file(file))]);
      await copyFile(file, `${file}.copy`);
      rmSync(`${file}.copy`);
    }
  }
  let end = Promise.resolve();
  return {
    look,
    start(file) {
      viewing = true;
      end = keepLooking(file);
    },
    /** Answers how often it looked and what it met. */
    async stop() {
      viewing = false;
      await end;
      return seen;
    },
  };
};
