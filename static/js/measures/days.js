// Sleep and steps, reduced to one number a day each.

const MINUTE = 60_000;
const DAY = 86_400_000;
const EVENING = 18 * 3_600_000; // whoever wakes after that has slept for the next day

// Moments are milliseconds as a clock there showed them.
export function dayOf(clock) {
  return new Date(clock).toISOString().slice(0, 10);
}

export class Days {
  steps = new Map(); // by day, then by who counted them
  asleep = [];

  walk(clock, source, count) {
    const day = dayOf(clock);
    if (!this.steps.has(day)) this.steps.set(day, new Map());
    const counted = this.steps.get(day);
    counted.set(source, (counted.get(source) ?? 0) + count);
  }

  sleep(from, until) {
    if (until > from && until - from < DAY) this.asleep.push([from, until]);
  }

  // Minutes by the day of waking; what two devices saw counts once.
  sleepMinutes() {
    const found = new Map();
    let end = Number.NEGATIVE_INFINITY;
    for (const [from, until] of this.asleep.sort((a, b) => a[0] - b[0])) {
      const fresh = until - Math.max(from, end);
      if (fresh <= 0) continue;
      const day = dayOf(until + DAY - EVENING);
      found.set(day, (found.get(day) ?? 0) + fresh / MINUTE);
      end = until;
    }
    return found;
  }

  // Of several devices the one that counted most: a phone and a watch count the same steps.
  mostSteps() {
    const most = (counted) => Math.round(Math.max(...counted.values()));
    return new Map([...this.steps].map(([day, counted]) => [day, most(counted)]));
  }

  // As the server takes them: a line for each day, the first of them first.
  lines() {
    const sleep = this.sleepMinutes();
    const steps = this.mostSteps();
    const hours = (day) => (sleep.has(day) ? (sleep.get(day) / 60).toFixed(2) : "");
    return [...new Set([...sleep.keys(), ...steps.keys()])]
      .sort()
      .map((day) => `${day}, ${hours(day)}, ${steps.get(day) ?? ""}`);
  }
}
