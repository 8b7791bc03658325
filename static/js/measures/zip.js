// One file out of a ZIP archive, as a stream: of an archive of gigabytes only that part is read.

const END = 0x06054b50;
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
    const length = end.getUint32(at + 12, true);
    const from = end.getUint32(at + 16, true);
    return view(file, from, from + length);
  }
  return null;
}

function* entries(list) {
  const text = new TextDecoder();
  for (let at = 0; at + 46 <= list.byteLength && list.getUint32(at, true) === ENTRY; ) {
    const length = list.getUint16(at + 28, true);
    yield {
      name: text.decode(new Uint8Array(list.buffer, at + 46, length)),
      method: list.getUint16(at + 10, true),
      packed: list.getUint32(at + 20, true),
      offset: list.getUint32(at + 42, true),
    };
    at += 46 + length + list.getUint16(at + 30, true) + list.getUint16(at + 32, true);
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
