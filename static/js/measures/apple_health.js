// Apple Health's export.xml: a stream of records, of which only steps and sleep are looked at.

import { Days } from "./days.js";

const RECORD = /<Record\s([^>]*)>/g;
const STEPS = "HKQuantityTypeIdentifierStepCount";
const SLEEP = "HKCategoryTypeIdentifierSleepAnalysis";
const ASLEEP = "HKCategoryValueSleepAnalysisAsleep"; // and what begins so: core, deep, REM
const LONGEST_RECORD = 100_000;

function attribute(record, name) {
  return record.match(new RegExp(`(?:^|\\s)${name}="([^"]*)"`))?.[1] ?? "";
}

// "2026-03-01 08:00:00 +0100": what the clock there showed, whatever its distance from UTC.
function clock(text) {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`);
}

function take(record, days) {
  const from = () => clock(attribute(record, "startDate"));
  if (record.includes(STEPS)) {
    const count = Number(attribute(record, "value"));
    if (count > 0) days.walk(from(), attribute(record, "sourceName"), count);
  } else if (record.includes(SLEEP) && attribute(record, "value").startsWith(ASLEEP)) {
    days.sleep(from(), clock(attribute(record, "endDate")));
  }
}

export async function fromXml(stream) {
  const days = new Days();
  let rest = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    rest += piece;
    let end = 0;
    for (const match of rest.matchAll(RECORD)) {
      take(match[1], days);
      end = match.index + match[0].length;
    }
    rest = rest.slice(Math.max(end, rest.length - LONGEST_RECORD));
  }
  return days;
}
