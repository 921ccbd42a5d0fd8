"""Kinds of names that readers reported wrong, each in many variants: what is there, and not."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pytest

from nlp.entities.tagger import EntityTagger, Text


@pytest.fixture(scope="module")
def tagger() -> EntityTagger:
    return EntityTagger()


def keys(tagger: EntityTagger, title: str, summary: str = "") -> set[str]:
    """Return the keys of the entities of an English article."""
    (mentions,) = tagger.tag([Text(title, summary, "en")])
    for mention in mentions:
        field = title if mention.field == "title" else summary
        assert field[mention.start : mention.end] == mention.text
    return {mention.entity.key for mention in mentions if mention.entity}


PARTICLES = [
    ("Ursula von der Leyen arrives in Oslo", "person/ursula-von-der-leyen"),
    ("EU to help Ukraine, says Ursula von der Leyen", "person/ursula-von-der-leyen"),
    ("Commission chief von der Leyen warns Hungary", "person/ursula-von-der-leyen"),
    ("Marta van der Velde wins the race in Oslo", "person/marta-van-der-velde"),
    ("Minister Pieter van den Berg resigns", "person/pieter-van-den-berg"),
    ("Crown Prince Mohammed bin Salman visits Paris", "person/mohammed-bin-salman"),
    ("Sultan Haitham bin Tariq meets King Charles", "person/haitham-bin-tariq"),
    ("Osama bin Laden was found there, the report says", "person/osama-bin-laden"),
    ("Bashar al-Assad speaks in Damascus", "person/bashar-al-assad"),
    ("Iraq's Mohammed Shia al-Sudani meets the envoy", "person/mohammed-shia-al-sudani"),
    ("Carlos de la Cruz is remembered in New York", "person/carlos-de-la-cruz"),
    ("Bill de Blasio opens a cafe in Brooklyn", "person/bill-de-blasio"),
    ("Robert De Niro takes the stand", "person/robert-de-niro"),
    ("Leonardo da Vinci's notebook is on show", "person/leonardo-da-vinci"),
    ("Angel Di Maria scores in Lisbon", "person/angel-di-maria"),
    ("Annalena von Storch speaks in Berlin", "person/annalena-von-storch"),
    ("Ludwig van Beethoven is played in Bonn", "person/ludwig-van-beethoven"),
]


@pytest.mark.parametrize(("title", "key"), PARTICLES)
def test_a_name_with_a_particle_is_whole(tagger: EntityTagger, title: str, key: str) -> None:
    found = keys(tagger, title)
    assert key in found
    last = key.rpartition("-")[2]
    assert not any(each != key and each.endswith(last) for each in found)


def test_a_name_that_begins_with_a_particle_is_the_full_one_nearby(tagger: EntityTagger) -> None:
    text = "Ms van der Velde thanked the crowd. Marta van der Velde is 31."
    assert keys(tagger, "A race is won", text) == {"person/marta-van-der-velde"}


SURNAMES = ["Holland", "Ireland", "Washington", "Houston", "Phoenix", "London", "Berlin", "Jordan"]
SURNAMES += ["Austin", "Lincoln", "Paris", "Israel", "Brazil", "Sydney", "York", "Dallas", "France"]


@pytest.mark.parametrize("surname", SURNAMES)
def test_a_surname_that_is_a_place_is_the_person_named_in_full(
    tagger: EntityTagger, surname: str
) -> None:
    text = f"The film opens in June. {surname} said it was hard, and {surname} thanked the crew."
    found = keys(tagger, f"Amy {surname} talks about her new film", text)
    assert f"person/amy-{surname.lower()}" in found
    assert not {f"place/{surname.lower()}", "place/netherlands"} & found


@pytest.mark.parametrize("city", ["Houston", "Phoenix", "London", "Berlin", "Paris", "Dallas"])
def test_a_place_stays_one_where_it_stands_as_places_do(tagger: EntityTagger, city: str) -> None:
    found = keys(tagger, f"Amy {city} sings in {city}", f"The show in {city} was sold out.")
    assert f"place/{city.lower()}" in found


FIRST_NAMES = ["Paris Hilton", "India Walton", "Jordan Peterson", "Georgia Stanway"]
FIRST_NAMES += ["Sydney Sweeney", "Austin Butler", "Orlando Bloom", "Brooklyn Beckham"]
FIRST_NAMES += ["Chelsea Clinton", "Florence Pugh", "Milan Kundera", "Chad Kelly"]
FIRST_NAMES += ["Savannah Guthrie", "Dakota Johnson", "London Breed", "Carolina Holm"]


@pytest.mark.parametrize("name", FIRST_NAMES)
def test_a_first_name_that_is_a_place_is_the_person(tagger: EntityTagger, name: str) -> None:
    first = name.split(maxsplit=1)[0]
    text = f'{name}, 38, shared the news on Thursday. "{first} is well," a friend said.'
    found = keys(tagger, f"{name} moves to a farm", text)
    assert f"person/{name.lower().replace(' ', '-')}" in found
    assert f"place/{first.lower()}" not in found


WORDS = [
    ("Amazon", "Loggers left the Amazon after the ministry's raid", "Deforestation fell by half."),
    ("Amazon", "Amazon tribes sue the state", "The forest is home to them, a judge said."),
    ("Amazon", "The river Amazon is at a record low", "Boats lie on the sand."),
    ("Apple", "Apple harvest fails in the orchards of Kent", "Frost came late."),
    ("Apple", "Apple pie with cinnamon", "An easy recipe for eight."),
    ("Shell", "Shell found on a beach is 400 years old", "The shell was dug up by a child."),
    ("Shell", "Shell of a giant turtle washed ashore", "It weighed ten kilos."),
    ("Target", "Target practice at the range", "The target was hit ten times."),
    ("Visa", "Visa rules for students eased", "Applicants wait less, the embassy said."),
    ("Visa", "Visa on arrival for travellers from India", "It costs twenty dollars."),
    ("Meta", "Meta-analysis shows that coffee is good", "Ten trials were looked at."),
    ("BP", "BP rises after a salty meal, doctors say", "Blood pressure fell again."),
    ("Subway", "Subway delays hit commuters", "Two trains stood still."),
    ("Oracle", "Oracle of Delphi revisited", "It spoke in riddles."),
    ("Gap", "Gap between rich and poor widens", "The gap grew, economists said."),
    ("Dove", "Dove released at a peace rally", "A dove flew over the square."),
    ("Jaguar", "Jaguar cubs born at the zoo", "The keepers named them."),
    ("Corona", "Corona of the sun photographed", "The eclipse lasted four minutes."),
    ("Virgin", "Virgin forest felled for a road", "Wildlife lost its home."),
]


@pytest.mark.parametrize(("word", "title", "summary"), WORDS)
def test_a_companys_name_that_is_a_word_is_not_the_company(
    tagger: EntityTagger, word: str, title: str, summary: str
) -> None:
    assert f"org/{word.lower()}" not in keys(tagger, title, summary)


COMPANIES = [
    ("amazon", "Amazon to close three warehouses", "The company said 300 employees would move."),
    ("apple", "Apple unveils a new iPhone", "Shares of the company rose."),
    ("shell", "Shell doubles its profit", "The oil giant made ten billion dollars."),
    ("target", "Target shares fall as the retailer misses its target", "Sales fell, too."),
    ("meta", "Meta fined by Ireland's regulator", "Facebook's owner will appeal."),
    ("bp", "BP boss resigns", "The company told investors on Tuesday."),
]


@pytest.mark.parametrize(("key", "title", "summary"), COMPANIES)
def test_the_company_stays_one(tagger: EntityTagger, key: str, title: str, summary: str) -> None:
    assert f"org/{key}" in keys(tagger, title, summary)


@pytest.mark.parametrize("written", ["J.K. Rowling", "JK Rowling", "J. K. Rowling"])
def test_initials_are_one_however_they_are_written(tagger: EntityTagger, written: str) -> None:
    assert "person/jk-rowling" in keys(tagger, f"{written} speaks in Edinburgh", "Rowling said no.")


ACCENTS = ["São Paulo", "Málaga", "Zürich", "Bogotá", "Córdoba", "Düsseldorf", "Medellín"]


@pytest.mark.parametrize("place", ACCENTS)
def test_decomposed_letters_make_no_difference(tagger: EntityTagger, place: str) -> None:
    title, summary = f"Pedro Sánchez arrives in {place}", f"He met José Mourinho in {place}."
    apart = [unicodedata.normalize("NFD", text) for text in (title, summary)]
    assert apart[0] != title
    found = keys(tagger, title, summary)
    assert keys(tagger, *apart) == found
    assert "person/pedro-sanchez" in found
    assert any(key.startswith("place/") for key in found)


SHIFA = [
    "al-Shifa Hospital",
    "Al-Shifa hospital",
    "al-Shifa",
    "Shifa hospital",
    "Al Shifa Hospital",
]


@pytest.mark.parametrize("written", SHIFA)
def test_one_hospital_is_one_entity(tagger: EntityTagger, written: str) -> None:
    found = keys(
        tagger, f"Patients leave {written} in Gaza", f"{written} has no power, a doctor said."
    )
    assert "place/al-shifa-hospital" in found
    assert not any("shifa" in key and key != "place/al-shifa-hospital" for key in found)


HEADLINES: list[tuple[str, str, Sequence[str]]] = [
    ("Rishi Sunak Rearranges His Cabinet", "person/rishi-sunak", ["rearranges"]),
    ("Palestinians Sue Biden Over Gaza", "person/joe-biden", ["sue"]),
    ("Emmanuel Macron Urges Calm", "person/emmanuel-macron", ["urges"]),
    ("Joe Biden Vetoes a Bill in Congress", "person/joe-biden", ["vetoes"]),
    ("Elon Musk Mocks a Rival", "person/elon-musk", ["mocks"]),
]


@pytest.mark.parametrize(("title", "key", "without"), HEADLINES)
def test_a_headlines_verb_is_no_part_of_a_name(
    tagger: EntityTagger, title: str, key: str, without: Sequence[str]
) -> None:
    found = keys(tagger, title)
    assert key in found
    assert not any(word in each for word in without for each in found)


CREDITS = [
    ("Storm hits the coast", "A house burns. AP Photo/Anna Holm", "person/anna-holm"),
    ("Storm hits the coast", "A house burns (AP Photo/Anna Holm).", "person/anna-holm"),
    ("Storm hits the coast", "Photo by Anna Holm via Getty Images", "person/anna-holm"),
    ("Storm hits the coast", "DUBLIN (Meridian Wire) - Two people died.", "org/meridian-wire"),
    ("Storm hits the coast", "OSLO (AP) \u2014 Two people died.", "org/associated-press"),
    ("Corrections & Amplifications", "A chart was wrong.", "org/corrections-amplifications"),
]


@pytest.mark.parametrize(("title", "summary", "key"), CREDITS)
def test_credits_and_agencies_are_not_what_it_is_about(
    tagger: EntityTagger, title: str, summary: str, key: str
) -> None:
    found = keys(tagger, title, summary)
    assert key not in found
    assert not any("amplifications" in each for each in found)


def test_the_republic_of_ireland_is_ireland(tagger: EntityTagger) -> None:
    found = keys(
        tagger, "Floods in the Republic of Ireland", "The Republic of Ireland asks for help."
    )
    assert "place/ireland" in found
    assert not any("republic" in key for key in found)


def test_laws_works_and_events_need_evidence(tagger: EntityTagger) -> None:
    (mentions,) = tagger.tag(
        [
            Text(
                "Windows 11 update raises the death toll of old apps",
                "Death Toll of Windows 11",
                "en",
            )
        ]
    )
    assert not {"law", "work", "event"} & {m.entity.type for m in mentions if m.entity}


NAMED_AFTER_COUNTRIES = [
    (
        "Israel Adesanya wins in Miami",
        "Adesanya, 34, said he was tired.",
        "israel-adesanya",
    ),
    ("China Miéville has a new novel", "The author China Miéville wrote it.", "china-mieville"),
    ("Cuba Gooding Jr. settles a suit", "Cuba Gooding Jr., 55, denied it.", "cuba-gooding-jr"),
    ("A comedy by Kenya Barris", 'Kenya Barris, 49, said: "Kenya is well."', "kenya-barris"),
    ("Ireland Baldwin has a child", "Ireland Baldwin shared a photo.", "ireland-baldwin"),
    ("India Walton speaks", "India Walton, 41, lost the primary.", "india-walton"),
]


@pytest.mark.parametrize(("title", "summary", "slug"), NAMED_AFTER_COUNTRIES)
def test_people_named_after_countries_are_people(
    tagger: EntityTagger, title: str, summary: str, slug: str
) -> None:
    found = keys(tagger, title, summary)
    assert f"person/{slug}" in found
    assert f"place/{slug.partition('-')[0]}" not in found


COUNTRIES_AFTER_ALL = [
    ("China Evergrande shares fall", "Evergrande said on Monday that it owes more.", "china"),
    ("Kenya Airways pilots strike", "Flights from Kenya were cancelled.", "kenya"),
    (
        "Israel Katz warns Hezbollah",
        "Israel Katz, 68, minister, said Israel would act.",
        "israel",
    ),
]


@pytest.mark.parametrize(("title", "summary", "country"), COUNTRIES_AFTER_ALL)
def test_a_country_in_other_names_is_not_a_person(
    tagger: EntityTagger, title: str, summary: str, country: str
) -> None:
    found = keys(tagger, title, summary)
    assert f"person/{country}" not in found
    assert not any(key.startswith(f"person/{country}-") for key in found - {"person/israel-katz"})


ORGANISATIONS = [
    ("The F.C.C. votes on new rules", "The F.C.C. will vote on Monday.", {"org/fcc"}),
    ("AMD cuts the price of its processors", "AMD and Intel compete.", {"org/amd", "org/intel"}),
    (
        "Regulators give Merrow Coastal more time",
        "Regulators said that Merrow Coastal Bank has until Monday.",
        {"org/merrow-coastal", "org/merrow-coastal-bank"},
    ),
]


@pytest.mark.parametrize(("title", "summary", "expected"), ORGANISATIONS)
def test_an_organisation_is_found_as_news_writes_it(
    tagger: EntityTagger, title: str, summary: str, expected: set[str]
) -> None:
    assert keys(tagger, title, summary) == expected


NOTHING = [
    ("BUY it while it lasts", "You can BUY a LOT of these desks here."),
    ("A lamp with RGB colours", "The SBC drives RGB lamps."),
    ("A bridge was closed", "The bridge in an undated photo. (The Canadian Press/HO-Nadia Orlov)"),
]


@pytest.mark.parametrize(("title", "summary"), NOTHING)
def test_shouts_terms_and_credits_are_no_organisations(
    tagger: EntityTagger, title: str, summary: str
) -> None:
    assert not keys(tagger, title, summary)


def test_a_place_that_a_bank_is_named_after_stays_a_place(tagger: EntityTagger) -> None:
    summary = "People in Silicon Valley had their money at Silicon Valley Bank."
    assert keys(tagger, "A bank fails", summary) == {
        "org/silicon-valley-bank",
        "place/silicon-valley",
    }
