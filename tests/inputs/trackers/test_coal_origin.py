"""Where the coal of a unit comes from, in the words of the coal tracker."""

from __future__ import annotations

import pytest

from hginventory.inputs.trackers.coal_origin import origin_of


@pytest.mark.parametrize(
    ("source", "country", "origin"),
    [
        ("imported", "Japan", "imported"),
        ("Import", "Morocco", "imported"),
        ("Imported (mainly South Africa)", "Mauritius", "imported"),
        ("Imported coal, petcoke", "Bulgaria", "imported"),
        ("Australia and Indonesia", "Thailand", "imported"),
        ("Australia, Colombia, Canada, United States", "Mexico", "imported"),
        ("China, Indonesia, Australia", "TWN", "imported"),
        ("mine-mouth", "Laos", "domestic"),
        ("domestic (captive)", "India", "domestic"),
        ("Candiota mine", "Brazil", "domestic"),
        ("North-Bohemian brown coal basin", "Czech Republic", "domestic"),
        ("Scholven colliery", "Germany", "domestic"),
        ("An Khanh mine, Vietnam", "Viet Nam", "domestic"),
        ("70% domestic, 30% imported", "India", "unknown"),
        ("80% imported", "Pakistan", "unknown"),
        ("domestic and imported", "India", "unknown"),
        ("Philippines/Indonesia", "Philippines", "unknown"),
        ("imported and Indian coal in the ratio of 40:60", "India", "unknown"),
        ("Tancoal mine, Tanzania", "Malawi", "unknown"),
        ("unknown", "Nigeria", "unknown"),
        ("Kemerovo", "Russia", "unknown"),
    ],
)
def test_origin_by_the_words_of_the_tracker(source: str, country: str, origin: str) -> None:
    assert origin_of(source, country) == origin
