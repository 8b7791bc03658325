// One file out of a ZIP archive, as a stream: of an archive of gigabytes only that part is read.
// ZIP64 is PKWARE's APPNOTE 4.3.14 and 4.5.3: numbers that need more than 32 bits stand elsewhere.

const END = 0x06054b50;
const LONG_END = 0x06064b50;
const LOCATOR = 0x07064b50;
const LOCATOR_LENGTH = 20; // right before the end
const ELSEWHERE = 0xffffffff;
const LONG_NUMBERS = 1; // the extra field that holds them
const ENTRY = 0x02014b50;
const LONGEST_END = 65_557; // the end of the directory with the longest comment
const PACKED = 8;

async function view(file, from, to) {
  return new DataView(await file.slice(from, to).arrayBuffer());
}

// The list of files, at the end of the archive; null where it is no archive.
async function directory(file) {
  const start = Math.max(0, file.size - LONGEST_END);
  const end = await view(file, start, file.size);
  for (let at = end.byteLength - 22; at >= 0; at--) {
    if (end.getUint32(at, true) !== END) continue;
    const [length, from] =
      (await longNumbers(file, end, at - LOCATOR_LENGTH)) ?? numbersAt(end, at + 12);
    return view(file, from, from + length);
  }
  return null;
}

function numbersAt(end, at) {
  return [end.getUint32(at, true), end.getUint32(at + 4, true)];
}

function long(view, at) {
  return Number(view.getBigUint64(at, true));
}

// How long the list is and where it begins, in an archive of more than 4 GB; else nothing.
async function longNumbers(file, end, at) {
  if (at < 0 || end.getUint32(at, true) !== LOCATOR) return undefined;
  const from = long(end, at + 8);
  const record = await view(file, from, from + 56);
  if (record.getUint32(0, true) !== LONG_END) return undefined;
  return [long(record, 40), long(record, 48)];
}

// How much is packed and where it begins: each in its place, or in turn in the extra field.
function placeOf(list, at, extra, end) {
  const given = [24, 20, 42].map((offset) => list.getUint32(at + offset, true));
  for (let field = extra; field + 4 <= end; field += 4 + list.getUint16(field + 2, true)) {
    if (list.getUint16(field, true) !== LONG_NUMBERS) continue;
    let next = field + 4;
    for (const [n, number] of given.entries()) {
      if (number !== ELSEWHERE) continue;
      given[n] = long(list, next);
      next += 8;
    }
  }
  return { packed: given[1], offset: given[2] };
}

function* entries(list) {
  const text = new TextDecoder();
  for (let at = 0; at + 46 <= list.byteLength && list.getUint32(at, true) === ENTRY; ) {
    const length = list.getUint16(at + 28, true);
    const extra = at + 46 + length;
    const end = extra + list.getUint16(at + 30, true);
    yield {
      name: text.decode(new Uint8Array(list.buffer, at + 46, length)),
      method: list.getUint16(at + 10, true),
      ...placeOf(list, at, extra, end),
    };
    at = end + list.getUint16(at + 32, true);
  }
}

// The stream of the first file whose name fits; undefined where there is none.
export async function unpacked(file, fits) {
  const list = await directory(file);
  if (!list) return undefined;
  const entry = [...entries(list)].find((each) => fits(each.name));
  if (!entry) return undefined;
  const head = await view(file, entry.offset, entry.offset + 30);
  const from = entry.offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const stream = file.slice(from, from + entry.packed).stream();
  if (entry.method !== PACKED) return stream;
  return stream.pipeThrough(new DecompressionStream("deflate-raw"));
}
