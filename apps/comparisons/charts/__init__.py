"""What each chart shows, as plain values: sentences, what to draw, and the same as a table.

One name in four places: ``charts/pain_over_time.py`` is the id of the page's JSON, its
``data-chart`` and ``static/js/charts/pain_over_time.js``. Its ``chart()`` returns a dict that
JSON can hold: ``name``, ``module``, ``title``, ``summary`` and ``notes`` (sentences above and
below), maybe ``counts`` (one more below, for where no table of the page says it), ``label`` (what
a screen reader says of the drawing), ``drawing`` (for the script, which computes nothing) and
``table``.
"""
