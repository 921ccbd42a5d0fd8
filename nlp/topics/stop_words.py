"""Words that tell a reader nothing of why an article has a topic, by language.

They stay in the model, which may learn from how often they stand in a kind of text; they are only
left out of what `TopicModel.why` shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from nlp.tfidf import words

_STOP_WORDS = {
    "en": """
        a about above across after again against ago all almost along already also although always
        am among an and another any are aren around as ask at away back be became because become
        been before behind being below best between big both but by called came can cannot could
        couldn day days did didn do does doesn doing don done down during each either else end
        enough even ever every few first five following for former found four from full gave get
        gets getting give given go goes going good got great had has hasn have haven having he her
        here hers herself him himself his how however https if in including into is isn it its
        itself just keep kept know known last later latest least left less let like likely little
        ll long look looks made make makes making many may me might million month months more most
        much must my myself near need needs never new news next no nor not now of off often old on
        once one only onto or other others our out over own part per put read really recent
        recently report reported reports right said same saw say saying says second see seen set
        seven several she should shouldn show shows since six so some something soon still such
        take taken takes tell ten than that the their them themselves then there these they thing
        things think this those though three through thus time times to today together told
        tomorrow too took top toward towards two under until up upon us use used using ve very via
        want wants was wasn way we week weeks well went were weren what when where whether which
        while who whole whom whose why will with within without won would wouldn www year years
        yes yesterday yet you your yours monday tuesday wednesday thursday friday saturday sunday
        january february march april june july august september october november december
        according comments com continue click
    """,
    "pl": """
        a aby ale albo ani aż bardziej bardzo bez bo bowiem by była było były być był będzie będą
        chce chcą chociaż choć co czego czy czyli dla dlaczego dlatego do dni dnia dobrze dwa dwie
        dwóch dziś dzisiaj gdy gdzie go i ich ile im innych inne iż ja jak jaka jakie jako je
        jednak jeden jedna jedno jego jej jest jestem jeszcze jeśli jeżeli już kiedy kilka kto
        która które którego której który których którym którzy lat lata lub ma mają miał miała
        mimo między może można mówi mu my na nad nam nas nawet nic nich nie niego nim niż no nowe
        nowy nowa o od oraz pan po pod podczas ponad ponieważ powiedział poza prawie przed przez
        przy razem roku rok są się sobie swoich swoje swój ta tak także takie tam te tego tej ten
        teraz też to trzeba trzy tu tych tydzień tygodnia tylko tym u w we wciąż według wiele więc
        właśnie wobec wraz wszystko wszystkich z za zaś ze został została zostały że żeby
        poniedziałek wtorek środa środę czwartek piątek sobota sobotę niedziela niedzielę stycznia
        lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
    """,
}
"""Words in small letters, with their accents."""


@cache
def stop_words(languages: Sequence[str], letters: int) -> frozenset[str]:
    """Return the stop words of languages (ISO 639-1), as a vocabulary cut to `letters` has them."""
    return frozenset(
        word[:letters] for code in languages for word in words(_STOP_WORDS.get(code, ""))
    )
