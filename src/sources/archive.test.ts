import * as zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import { openSnapshot } from './archive.ts';
import { madeTar, madeTarGz, madeZip, type MadeMember } from './archives.fixture.ts';
import { openLocalBlobs } from './local-blobs.fixture.ts';
import type { ArchiveLimits } from './spool.ts';

const { gzipSync } = zlib;

const members: readonly MadeMember[] = [
  { name: 'one.txt', content: 'one' },
  { name: 'deep/', content: '', type: 'directory' },
  { name: 'deep/two.txt', content: 'two, deeper\n' },
];

/** The members above, as GNU tar and XZ Utils pack them. */
const tarXz = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AJldADebiM9rZPoj+eQO2wIWgK/ecWsZq90oFU1JRM2AbNoUKkDB4M1CJNgFiTWDxWciXI5gEuW2' +
    '/nUnYm53tI8XGAh1TgYz2k2TzD2pvX9WOauRvzpXdIFMdLL9gVxUI/R/m5RPNdsOOwgKVkQEx3q7uFAlonhmpSnkuAy1I24tFs/lnPBHHszFH6c5' +
    '1u8aOz4jGwhiN18bIq7ddgAAAADEWnMNI7HHOQABtQGAUAAAIOfXNbHEZ/sCAAAAAARZWg==',
  'base64',
);

interface Opened {
  readonly name: string;
  readonly content: string;
}

/** Opens a snapshot of one file, and checks each member's digest against its bytes. */
async function openOne(
  name: string,
  bytes: Uint8Array | string,
  limits?: ArchiveLimits,
): Promise<readonly Opened[]> {
  await using blobs = await openLocalBlobs();
  await using scratch = await blobs.scratch();
  const files = [{ name, ...(await blobs.put(bytes)) }];
  const raw = await openSnapshot(files, { blobs, scratch: scratch.path, ...(limits && { limits }) });
  const opened: Opened[] = [];
  for (const file of raw) {
    const content = await file.bytes();
    expect(file.digest).toBe(digestOf(content));
    opened.push({ name: file.name, content: new TextDecoder().decode(content) });
  }
  return opened;
}

test.each([
  ['raw.zip', async () => madeZip(members)],
  ['RAW.ZIP', async () => madeZip(members, { stored: true })],
  ['raw.tar', async () => await madeTar(members)],
  ['raw.tar.gz', async () => await madeTarGz(members)],
  ['raw.tgz', async () => await madeTarGz(members)],
  ['raw.tar.xz', async () => tarXz],
  ['raw.txz', async () => tarXz],
])('%s opens as its files, in order of name', async (name, make) => {
  expect(await openOne(name, await make())).toEqual([
    { name: `${name}/deep/two.txt`, content: 'two, deeper\n' },
    { name: `${name}/one.txt`, content: 'one' },
  ]);
});

test('a plain file is itself, and a gzipped one its only member', async () => {
  expect(await openOne('a/bars.csv', 'x\n')).toEqual([{ name: 'a/bars.csv', content: 'x\n' }]);
  expect(await openOne('a/bars.csv.gz', gzipSync('x\n'))).toEqual([
    { name: 'a/bars.csv.gz/bars.csv', content: 'x\n' },
  ]);
});

test('files and members of several archives come in one order of name', async () => {
  await using blobs = await openLocalBlobs();
  await using scratch = await blobs.scratch();
  const zip = await blobs.put(madeZip(members));
  const plain = await blobs.put('x');
  const files = [
    { name: 'b.zip', ...zip },
    { name: 'a.zip', ...zip },
    { name: 'a.zip.txt', ...plain },
  ];
  const raw = await openSnapshot(files, { blobs, scratch: scratch.path });
  expect(raw.map(({ name }) => name)).toEqual([
    'a.zip.txt',
    'a.zip/deep/two.txt',
    'a.zip/one.txt',
    'b.zip/deep/two.txt',
    'b.zip/one.txt',
  ]);
});

test('members larger than any chunk come back whole, empty ones too', async () => {
  const large = 'a line of some length\n'.repeat(50_000);
  const archived = [
    { name: 'a', content: '' },
    { name: 'b', content: large },
    { name: 'c', content: 'end' },
  ];
  for (const [name, bytes] of [
    ['x.zip', madeZip(archived)] as const,
    ['x.tgz', await madeTarGz(archived)] as const,
  ])
    expect((await openOne(name, bytes)).map(({ content }) => content.length)).toEqual([0, large.length, 3]);
});

test.each(['../out.txt', '/out.txt', 'C:/out.txt', 'a/../../out.txt'])(
  'refuses a member named %s',
  async (name) => {
    const archived = [{ name, content: 'x' }];
    const unsafe = { code: 'SOURCE_UNREADABLE' };
    await expect(openOne('a.zip', madeZip(archived))).rejects.toMatchObject(unsafe);
    await expect(openOne('a.tar', await madeTar(archived))).rejects.toMatchObject(unsafe);
  },
);

test.each(['symlink', 'link'] as const)('refuses a %s in a tar', async (type) => {
  const archived = [...members, { name: 'to', content: '/etc/passwd', type }];
  await expect(openOne('a.tar', await madeTar(archived))).rejects.toThrow(
    /\(member to of a\.tar: "(sym)?link"/,
  );
});

test('refuses a link and an encrypted member in a zip', async () => {
  const link = [{ name: 'to', content: '/etc/passwd', type: 'symlink' as const }];
  await expect(openOne('a.zip', madeZip(link))).rejects.toThrow(/\(member to of a\.zip: "a link"/);
  await expect(openOne('a.zip', madeZip(members.slice(0, 1), { encrypted: true }))).rejects.toThrow(
    /: "encrypted"\)/,
  );
});

test('refuses a name that comes twice', async () => {
  const twice = [
    { name: 'a', content: '1' },
    { name: './a', content: '2' },
  ];
  await expect(openOne('a.zip', madeZip(twice))).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    detail: { value: './a' },
  });
});

test('a damaged archive is named', async () => {
  const sound: readonly (readonly [string, Buffer])[] = [
    ['a.zip', madeZip(members)],
    ['a.tar', await madeTar(members)],
    ['a.tgz', await madeTarGz(members)],
    ['a.txz', tarXz],
    ['a.gz', gzipSync('content that is cut')],
  ];
  for (const [name, bytes] of sound)
    for (const length of [
      0,
      3,
      bytes.length >> 1,
      bytes.length - 20,
      name === 'a.tar' ? bytes.length - 1024 : bytes.length - 1,
    ])
      await expect(
        openOne(name, bytes.subarray(0, length)),
        `${name} cut to ${length}`,
      ).rejects.toMatchObject({
        code: 'SOURCE_UNREADABLE',
        detail: { field: name },
      });
});

test('bytes that changed inside an archive are found', async () => {
  await expect(openOne('a.zip', madeZip(members, { stored: true, wrongSum: true }))).rejects.toThrow(
    /CRC-32/,
  );
  const spoilt = Buffer.from(tarXz);
  spoilt.writeUInt8(spoilt.readUInt8(80) ^ 1, 80);
  await expect(openOne('a.txz', spoilt)).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    detail: { field: 'a.txz' },
  });
});

test('after a damaged xz archive the next one opens', async () => {
  await expect(openOne('a.txz', tarXz.subarray(0, 90))).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  expect(await openOne('a.txz', tarXz)).toHaveLength(2);
});

test('an archive that grows past the limits is refused before it fills the disk', async () => {
  const limits = { members: 10, bytes: 1e6, ratio: 100, ratioFrom: 1000 };
  const swollen = [{ name: 'zeros', content: '0'.repeat(900_000) }];
  await expect(openOne('a.zip', madeZip(swollen), limits)).rejects.toThrow(
    /If it really is.*\(a\.zip: ".* out of .*"/,
  );
  await expect(openOne('a.zip', madeZip(swollen), { ...limits, ratio: 1e6, bytes: 1000 })).rejects.toThrow(
    /out of/,
  );
  expect(await openOne('a.zip', madeZip(swollen), { ...limits, ratio: 1e6 })).toHaveLength(1);
  const many = Array.from({ length: 11 }, (_, index) => ({ name: `m${index}`, content: '' }));
  await expect(openOne('a.tgz', await madeTarGz(many), limits)).rejects.toThrow(/more than 10 members/);
});

/** 'a\n1\n', as XZ Utils and bzip2 pack it, and `a,b` and `1,2` in a zip that Python packed with bzip2. */
const packed = {
  xz: '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQADYQoxCgClldvDt76j8AABHARvLJzBH7bzfQEAAAAABFla',
  bzip2: 'QlpoOTFBWSZTWR956Z4AAAHJAAAQIAAgACAAMMwMeoJxdyRThQkB956Z4A==',
  zip:
    'UEsDBC4AAAAMAEiZfl17B5cKMAAAAAgAAAAIAAAAYmFzZS5jc3ZCWmg5MUFZJlNZv4dAfwAAA1kAABAABDAAMAAgADDACGmyiCMni7kinChIX8OgP4BQ' +
    'SwECLgMuAAAADABImX5deweXCjAAAAAIAAAACAAAAAAAAAAAAAAAgAEAAAAAYmFzZS5jc3ZQSwUGAAAAAAEAAQA2AAAAVgAAAAAA',
} as const;
const linesXz = Buffer.from(packed.xz, 'base64');

test.each([
  ['data.csv.xz', linesXz, 'data.csv'],
  ['data.csv', gzipSync('a\n1\n'), 'data.csv'],
  ['data.tsv', linesXz, 'data.tsv'],
  ['download', madeZip([{ name: 'one.csv', content: 'a\n1\n' }]), 'one.csv'],
])('%s is unpacked by its content', async (name, bytes, member) => {
  expect(await openOne(name, bytes)).toEqual([{ name: `${name}/${member}`, content: 'a\n1\n' }]);
});

/** 'a\n1\n', as `zstd` packs it. */
const linesZst = Buffer.from('KLUv/QRYIQAAYQoxCnUcwwE=', 'base64');
const hasZstd = 'createZstdDecompress' in zlib;

const unpacked = 'a\n1\na\n1\n';
const damage = /damaged or incomplete/;
const noZstd = /use Node 22\.15\+, or unpack it: unzstd FILE.*compressed with Zstandard/;

test.each([
  ['data.csv.zst', 0, hasZstd ? unpacked : noZstd],
  ['data.csv', 0, hasZstd ? unpacked : noZstd],
  ['data.csv.zst', -2, hasZstd ? damage : noZstd],
  ['all.tar.zst', 0, hasZstd ? damage : noZstd],
  ['all.tzst', 0, hasZstd ? damage : noZstd],
] as const)(
  'two frames of Zstandard in %s are one file for a Node that reads it, else named with what to do',
  async (name, cut, outcome) => {
    const twice = Buffer.concat([linesZst, linesZst]);
    const opened = openOne(name, twice.subarray(0, twice.length + cut)).then(
      ([member]) => member?.content,
      (error: unknown) => String(error),
    );
    expect(await opened).toMatch(outcome);
  },
);

test.each(['data.csv.bz2', 'data.csv', 'data', 'all.tar.bz2', 'all.tbz2'])(
  '%s that is compressed with bzip2 is named with what to do',
  async (name) => {
    await expect(openOne(name, Buffer.from(packed.bzip2, 'base64'))).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      detail: { field: name, value: 'compressed with bzip2', remedy: 'Unpack it: bunzip2 FILE.' },
    });
  },
);

test('gzip files one after another are one, and one of nothing is empty', async () => {
  const twice = Buffer.concat([gzipSync('a\n1\n'), gzipSync('2\n')]);
  expect(await openOne('data.csv.gz', twice)).toEqual([
    { name: 'data.csv.gz/data.csv', content: 'a\n1\n2\n' },
  ]);
  expect(await openOne('data.csv.gz', gzipSync(''))).toEqual([{ name: 'data.csv.gz/data.csv', content: '' }]);
});

test.each([
  ['data.csv.gz', 'größe\n1\n', 'text, as some servers unpack what they send'],
  ['data.csv.bz2', '\ufeffa\n1\n', 'text with a mark'],
])('%s is read as it is if it is %j: %s', async (name, text) => {
  const member = name.replace(/\.\w+$/, '');
  // The decoder of the test takes the mark away.
  expect(await openOne(name, text)).toEqual([
    { name: `${name}/${member}`, content: text.replace('\ufeff', '') },
  ]);
});

test('a file that is compressed in another way than its name says is read by its content', async () => {
  expect(await openOne('data.csv.gz', linesXz)).toEqual([
    { name: 'data.csv.gz/data.csv', content: 'a\n1\n' },
  ]);
  const tar = await madeTar(members);
  const names = async (name: string, bytes: Uint8Array) =>
    (await openOne(name, bytes)).map((each) => each.name.slice(name.length + 1));
  expect(await names('all.tar.gz', tarXz)).toEqual(['deep/two.txt', 'one.txt']);
  expect(await names('all.tar.gz', tar)).toEqual(['deep/two.txt', 'one.txt']);
  expect(await names('all.tbz2', gzipSync(tar))).toEqual(['deep/two.txt', 'one.txt']);
});

test('a file with another ending stays as it is, such as a workbook, which is a zip', async () => {
  const opened = await openOne('sheet.xlsx', madeZip(members));
  expect(opened.map(({ name }) => name)).toEqual(['sheet.xlsx']);
});

test('text that expands beyond the limits is refused, whatever its name', async () => {
  const limits = { members: 10, bytes: 1000, ratio: 10, ratioFrom: 100 };
  await expect(openOne('data.csv', gzipSync('1\n'.repeat(100_000)), limits)).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    detail: { field: 'data.csv' },
  });
});

test('a member that is compressed in another way is named, with how', async () => {
  await expect(openOne('a.zip', Buffer.from(packed.zip, 'base64'))).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    detail: { field: 'a.zip', value: 'base.csv is compressed with bzip2' },
  });
});
