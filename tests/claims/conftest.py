"""Khẳng định nào cũng trích một câu, và câu ấy còn trong bài."""

import pytest

from tests.claims import missing, said


@pytest.fixture(autouse=True)
def the_sentences_stand(request):
    if mark := request.node.get_closest_marker("claim"):
        number, *sentences = mark.args
        assert sentences, "khẳng định cần trích ít nhất một câu của bài"
        for sentence in sentences:
            if fault := missing(sentence, said(number)):
                pytest.fail(f"Bài {number}: {fault}", pytrace=False)
