const pageSize = 4096;
const interiorTable = 0x05;

/**
 * A damaged vault with a good vault's schema in front: its tables are found where PromptVault puts them, and nothing that
 * somebody else wrote into the schema is ever run. The schema's own pages go to the end, so that no data is overwritten.
 */
export function graftSchema(damaged: Buffer, good: Buffer): Buffer {
  const dataPages = Math.max(1, Math.ceil(damaged.length / pageSize));
  const result = Buffer.alloc(dataPages * pageSize);
  damaged.copy(result);
  const first = Buffer.from(good.subarray(0, pageSize));
  const appended: Buffer[] = [];
  if (first[100] === interiorTable) {
    const move = (pointer: number) => {
      const page = first.readUInt32BE(pointer);
      appended.push(Buffer.from(good.subarray((page - 1) * pageSize, page * pageSize)));
      first.writeUInt32BE(dataPages + appended.length, pointer);
    };
    for (let i = 0; i < first.readUInt16BE(103); i += 1) move(first.readUInt16BE(112 + 2 * i));
    move(108);
  }
  first.writeUInt32BE(dataPages + appended.length, 28);
  // No list of free pages: what it says may be wrong, and nothing is written here.
  first.writeUInt32BE(0, 32);
  first.writeUInt32BE(0, 36);
  // The size above counts only when these two agree.
  first.writeUInt32BE(first.readUInt32BE(24), 92);
  first.copy(result);
  return Buffer.concat([result, ...appended]);
}
