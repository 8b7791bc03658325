"""Files of the exchange format for tests: what a row does not say is empty."""

import csv
import io

from apps.your_data.table.columns import NAMES

CHECKIN = {"kind": "checkin", "at": "2026-03-10T12:00:00+00:00", "leg_pain": "4"}
SESSION = {"kind": "session", "at": "2026-03-10T12:00:00+00:00", "pain_before": "6"}


def csv_file(*rows, names=NAMES) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, names)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()
