from search.suggestions.absent_words import MOST, absent_words


def test_words_that_no_article_has_are_named_once() -> None:
    known = {"harbour", "strike"}.__contains__
    assert absent_words(["harbour", "strike"], known, "harbour strike") is None
    one = absent_words(["harbour", "xyzzy", "xyzzy"], known, "harbour xyzzy xyzzy")
    assert one is not None
    assert one.text == "No article has the word “xyzzy”."
    two = absent_words(["xyzzy", "harbour", "plugh"], known, "xyzzy harbour plugh")
    assert two is not None
    assert two.text == "No article has the words “xyzzy”, “plugh”."


def test_a_pasted_text_is_not_looked_up_whole() -> None:
    notice = absent_words(map(str, range(500)), lambda word: int(word) < MOST, "")
    assert notice is None


def test_a_word_is_named_as_it_was_typed() -> None:
    notice = absent_words(["zazolc", "jazn"], "harbour".__contains__, "title:Zażółć OR JAŹŃ")
    assert notice is not None
    assert notice.text == "No article has the words “Zażółć”, “JAŹŃ”."
