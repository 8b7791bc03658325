// Health Connect's export: an SQLite file whose tables are those of Android's own store.

import { Days } from "./days.js";
import { Database } from "./sqlite.js";

const SECOND = 1000;
const ASLEEP = new Set([2, 4, 5, 6]); // sleeping, light, deep, REM; not awake, not out of bed

export function fromDatabase(buffer) {
  const database = new Database(buffer);
  const days = new Days();
  for (const row of database.rows("steps_record_table")) {
    const clock = row.start_time + (row.start_zone_offset ?? 0) * SECOND;
    days.walk(clock, row.app_info_id, row.count);
  }
  const sessions = new Map();
  for (const row of database.rows("sleep_session_record_table")) sessions.set(row.row_id, row);
  const staged = sleepStages(database, sessions, days);
  for (const [id, row] of sessions) {
    if (!staged.has(id)) sleep(days, row, row.start_time, row.end_time);
  }
  return days;
}

// Of a night with stages only those asleep count. Returns which nights have stages.
function sleepStages(database, sessions, days) {
  const staged = new Set();
  for (const stage of database.rows("sleep_stages_table")) {
    const session = sessions.get(stage.parent_key);
    if (!session) continue;
    staged.add(stage.parent_key);
    if (ASLEEP.has(stage.stage_type)) {
      sleep(days, session, stage.stage_start_time, stage.stage_end_time);
    }
  }
  return staged;
}

function sleep(days, session, from, until) {
  const offset = (session.end_zone_offset ?? session.start_zone_offset ?? 0) * SECOND;
  days.sleep(from + offset, until + offset);
}
