// The rows of a table in an SQLite file, read as https://www.sqlite.org/fileformat2.html says.

const MAGIC = "SQLite format 3\0";
const LEAF = 13;
const INNER = 5;

export class Database {
  constructor(buffer) {
    this.view = new DataView(buffer);
    this.text = new TextDecoder();
    if (this.string(0, 16) !== MAGIC) throw new Error("no SQLite file");
    const size = this.view.getUint16(16);
    this.pageSize = size === 1 ? 65_536 : size;
    this.usable = this.pageSize - this.view.getUint8(20);
  }

  string(from, length) {
    return this.text.decode(new Uint8Array(this.view.buffer, from, length));
  }

  // A number of one to nine bytes, and where it ends.
  varint(view, at) {
    let value = 0;
    for (let n = 0; n < 8; n++) {
      const byte = view.getUint8(at + n);
      value = value * 128 + (byte & 127);
      if (byte < 128) return [value, at + n + 1];
    }
    return [value * 256 + view.getUint8(at + 8), at + 9];
  }

  // Objects by the names of the columns; nothing where there is no such table.
  *rows(name) {
    const table = [...this.records(1)].find(
      ({ values }) => values[0] === "table" && values[1] === name,
    );
    if (!table) return;
    const columns = columnsOf(table.values[4]);
    for (const { id, values } of this.records(table.values[3])) {
      const named = columns.map(({ column, isKey }, n) => [column, isKey ? id : values[n]]);
      yield Object.fromEntries(named);
    }
  }

  *records(page) {
    const start = (page - 1) * this.pageSize;
    const head = page === 1 ? 100 : start;
    const kind = this.view.getUint8(head);
    const cells = this.view.getUint16(head + 3);
    const pointers = head + (kind === INNER ? 12 : 8);
    for (let n = 0; n < cells; n++) {
      const at = start + this.view.getUint16(pointers + 2 * n);
      if (kind === INNER) yield* this.records(this.view.getUint32(at));
      else if (kind === LEAF) yield this.record(at);
    }
    if (kind === INNER) yield* this.records(this.view.getUint32(head + 8));
  }

  record(at) {
    const [length, afterLength] = this.varint(this.view, at);
    const [id, from] = this.varint(this.view, afterLength);
    return { id, values: [...this.values(new DataView(this.payload(from, length)))] };
  }

  // What does not fit into the page goes on in a chain of others.
  payload(from, length) {
    const most = this.usable - 35;
    if (length <= most) return this.view.buffer.slice(from, from + length);
    const least = Math.floor(((this.usable - 12) * 32) / 255) - 23;
    const wanted = least + ((length - least) % (this.usable - 4));
    const here = wanted <= most ? wanted : least;
    const whole = new Uint8Array(length);
    whole.set(new Uint8Array(this.view.buffer, from, here));
    let next = this.view.getUint32(from + here);
    for (let filled = here; next && filled < length; ) {
      const start = (next - 1) * this.pageSize;
      const part = Math.min(this.usable - 4, length - filled);
      whole.set(new Uint8Array(this.view.buffer, start + 4, part), filled);
      filled += part;
      next = this.view.getUint32(start);
    }
    return whole.buffer;
  }

  *values(view) {
    const [headEnd, first] = this.varint(view, 0);
    let [at, value] = [first, headEnd];
    while (at < headEnd) {
      const [type, after] = this.varint(view, at);
      const size = sizeOf(type);
      yield this.value(view, type, value, size);
      value += size;
      at = after;
    }
  }

  value(view, type, at, size) {
    if (type === 0) return null;
    if (type === 7) return view.getFloat64(at);
    if (type === 8 || type === 9) return type - 8;
    if (type <= 6) return whole(view, at, size);
    return type % 2 ? this.text.decode(new Uint8Array(view.buffer, at, size)) : null;
  }
}

function sizeOf(type) {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? 0;
}

function whole(view, at, size) {
  let value = view.getInt8(at);
  for (let n = 1; n < size; n++) value = value * 256 + view.getUint8(at + n);
  return value;
}

// The names between the outer brackets; a whole number that is the key is the row's own number.
function columnsOf(sql) {
  const inside = sql.slice(sql.indexOf("(") + 1, sql.lastIndexOf(")"));
  const parts = inside.replace(/\([^()]*\)/g, "").split(",");
  return parts
    .map((part) => part.trim())
    .filter((part) => !/^(?:UNIQUE|PRIMARY|FOREIGN|CHECK|CONSTRAINT)\b/i.test(part))
    .map((part) => ({
      column: part.split(/\s+/)[0].replace(/["'`[\]]/g, ""),
      isKey: /\bINTEGER\s+PRIMARY\s+KEY\b/i.test(part),
    }));
}
