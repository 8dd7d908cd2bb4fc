"""How linked labels and values are counted."""

from tests.quality.extraction.linking import LinkScore, score_links

LINKS = [("DATE:", ["10/13/99"]), ("RECIPIENT", ["John Mulderig", "Gregory Little"]), ("FROM:", ["Kevin Narko"])]


def test_a_pair_is_right_when_label_and_value_are_alike() -> None:
    pairs = [("Date", "10/13/99"), ("FROM", "Kevln Narko"), ("DATE:", "John Mulderig")]
    assert score_links(LINKS, pairs) == LinkScore(links=4, found=2, pairs=3, right=2)


def test_the_answers_to_one_question_may_be_given_apart_or_together() -> None:
    apart = [("RECIPIENT", "John Mulderig"), ("RECIPIENT", "Gregory Little")]
    assert score_links(LINKS, apart) == LinkScore(links=4, found=2, pairs=2, right=2)
    assert score_links(LINKS, [("RECIPIENT", "John Mulderig Gregory Little")]) == LinkScore(4, 2, 1, 1)


def test_an_answer_is_found_once() -> None:
    twice = [("DATE:", "10/13/99"), ("DATE:", "10/13/99")]
    assert score_links(LINKS, twice) == LinkScore(links=4, found=1, pairs=2, right=1)
