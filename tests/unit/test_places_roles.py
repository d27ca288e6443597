def test_a_dateline_is_looked_for_in_shouted_text_in_no_time() -> None:
    """The pattern must not divide a run of capitals in every possible way."""
    from processors.places.datelines import _FOLLOWS

    assert _FOLLOWS.match(", Sept 4 (Agency) - A bomb") is not None
    assert _FOLLOWS.match(" THEGOVERNMENTOFTHEREPUBLICANNOUNCEDTHATTHEATTACKERSWERE") is None
