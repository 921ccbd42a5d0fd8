# ruff: noqa: RUF001 - words in several scripts
"""Words that sentences are built with, by language; the commonest that headlines have.

They help where a headline is too short for a model of letters (`nlp.language`).
"""

from __future__ import annotations

from functools import cache

_WORDS = {
    "en": "the of to and in for on with at from is are was by after over as its his her says "
    "not out",
    "de": "der die das und in zu den dem ein eine von mit im für auf ist sich nicht nach bei "
    "aus vor wie über wird zum zur vom dann sind war neue kommt will soll geht gewinnt "
    "verliert siegt",
    "fr": "le la les des du de un une et au aux en dans pour sur est par avec ce se il elle "
    "qui que ne pas plus après contre sans à été sont veut va fait dit gagne perd",
    "es": "el la los las del de un una y en con para por su al se que no más tras sin es "
    "sobre muere ante a viaja pide llega dice gana pierde vence",
    "it": "il la lo gli le del della dei delle di un una e a in con per al alla da dal si che "
    "non no è nel sono dopo contro più senza su arriva dice batte vince perde attacca sì",
    "pt": "o a os as do da dos das de um uma e em no na com para por ao à se que não mais "
    "após é sem diz chega corta vence perde ganha",
    "ro": "și la de în din pe cu pentru un o nu a după spre mai este care sau fără prin va "
    "merge cere spune vine",
    "nl": "de het een van en in op te voor met bij naar uit af om niet is zijn aan ook over "
    "door na wordt tegen wil gaat krijgt moet treedt dit wint verliest",
    "sv": "och i att en ett på för med till av är inte om från efter ut upp mot vid den det "
    "som har faller vinner avgår",
    "da": "og i at en et på for med til af er ikke om fra efter ud op mod ved den det som har "
    "falder vinder",
    "no": "og i å en et på for med til av er ikke om fra etter ut opp mot ved den det som har",
    "pl": "w i na z do się nie o po za od dla jest to przez przed jak że są ze pod wygrywa",
    "cs": "v a na s z do se ne o po za od pro je to před jak že jsou ve ze při",
    "sk": "v a na s z do sa nie o po za od pre je to pred ako že sú vo zo pri",
    "hu": "a az és egy hogy nem is van meg el ki után alatt miatt szerint volt már csak",
    "fi": "ja on ei se että kun oli ovat tai mutta jo nyt vain yli sekä kuin myös jatkuu",
    "tr": "ve bir bu da de için ile olarak ne en çok son sonra gibi daha oldu",
    "id": "dan di ke dari yang untuk dengan pada ini itu tidak akan oleh",
    "uk": "і в у на з до та не що за від про є як після через для й без",
    "ru": "и в на с к не что за от о по из как после для из-за без",
    "bg": "и в на с от да не за по се е са като след",
}

LANGUAGES_OF: dict[str, list[str]] = {}
"""The languages that a function word belongs to."""

for _code, _words in _WORDS.items():
    for _word in _words.split():
        LANGUAGES_OF.setdefault(_word, []).append(_code)


@cache
def function_words(language: str) -> frozenset[str]:
    """Return the function words of a language (ISO 639-1), in lower case; none where not known."""
    return frozenset(_WORDS.get(language, "").split())
