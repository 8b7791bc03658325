from apps.comparisons.charts.one_session import drawing


def test_scale_goes_from_0_to_the_highest_rating():
    lines = drawing(8, 0, (8.0, 4.0))
    assert [(line.start, line.end) for line in lines.values()] == [(16, 116), (16, 66)]
    assert lines["own"].path == "M44 16C112 16 112 116 180 116"


def test_labels_of_equal_ends_stand_apart():
    lines = drawing(6, 5, (6.0, 5.0))
    assert lines["own"].end == lines["wait"].end
    assert lines["wait"].label_y - lines["own"].label_y == 20


def test_no_pain_at_all_stays_at_the_foot():
    assert drawing(0, 0, (0.0, 0.0))["own"].start == 116
