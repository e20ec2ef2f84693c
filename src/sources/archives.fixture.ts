import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

export interface MadeMember {
  readonly name: string;
  readonly content: string;
  /** @default 'file' */
  readonly type?: 'file' | 'directory' | 'symlink' | 'link';
}

export async function madeTar(members: readonly MadeMember[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, content, type = 'file' } of members) {
    if (type === 'file') archive.entry({ name }, content);
    else archive.entry({ name, type, ...(type !== 'directory' && { linkname: content }) });
  }
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function madeTarGz(members: readonly MadeMember[]): Promise<Buffer> {
  return gzipSync(await madeTar(members));
}

export interface ZipFaults {
  readonly stored?: boolean;
  readonly wrongSum?: boolean;
  readonly encrypted?: boolean;
}

const unixFile = 0o100644;
const unixLink = 0o120777;

/** A zip of format 2.0 (APPNOTE 4.3): local headers with their data, the directory, its end. */
export function madeZip(members: readonly MadeMember[], faults: ZipFaults = {}): Buffer {
  const written: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.from(member.name);
    const content = Buffer.from(member.content);
    const data = faults.stored ? content : deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(faults.encrypted ? 1 : 0, 2);
    common.writeUInt16LE(faults.stored ? 0 : 8, 4);
    common.writeUInt32LE((crc32(content) ^ (faults.wrongSum ? 1 : 0)) >>> 0, 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, name, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((member.type === 'symlink' ? unixLink : unixFile) << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0003'), common, rest, name]));
    written.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...written, ...directory, Buffer.from('PK\u0005\u0006'), end]);
}
