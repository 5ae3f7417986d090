"""Invented people and places. Nobody here exists; a likeness is chance."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

FAMILIES = (
    "Thornbury", "Okonkwo", "Lindqvist", "Harrowgate", "Castellanos", "Fitzwilliam", "Abernethy", "Novakova",
    "Delacroix", "Bramwell", "Yamashiro", "Petrosyan", "Kowalczyk", "Ravensdale", "Mbekele", "Steinhauer",
    "O'Gallagher", "van Rijnsburg", "Papadakis", "Winterbourne", "Szabolcsi", "Achterberg", "Quillfeather", "Iversen",
)
GIVEN = {
    "F": ("Alice", "Margaret", "Ngozi", "Ingrid", "Beatriz", "Rosalind", "Chiara", "Freya", "Svetlana", "Henrietta"),
    "M": ("Edmund", "Bartholomew", "Chidi", "Gustav", "Leopoldo", "Cuthbert", "Matteo", "Magnus", "Yevgeny", "Algernon"),
}
# Family names and given names: characters and how they are spoken.
FAMILIES_ZH = (
    ("欧阳", "OuYang"), ("王", "Wang"), ("李", "Li"), ("张", "Zhang"), ("刘", "Liu"), ("陈", "Chen"), ("赵", "Zhao"),
    ("诸葛", "ZhuGe"), ("周", "Zhou"), ("徐", "Xu"), ("郭", "Guo"), ("邓", "Deng"), ("萧", "Xiao"), ("魏", "Wei"),
)
GIVEN_ZH = {
    "F": (("淑芬", "ShuFen"), ("美玲", "MeiLing"), ("晓燕", "XiaoYan"), ("婉清", "WanQing"), ("雅琴", "YaQin"), ("诗涵", "ShiHan")),
    "M": (("建国", "JianGuo"), ("志强", "ZhiQiang"), ("浩然", "HaoRan"), ("文彬", "WenBin"), ("立伟", "LiWei"), ("俊杰", "JunJie")),
}
HOSPITALS = (
    "St. Aldhelm Royal Infirmary", "Larkmere General Hospital", "Hospital Santa Brigida", "Klinikum Wolfsbruck",
    "Ashcombe Valley Medical Center", "Port Eldon Children's Hospital",
)
HOSPITALS_ZH = ("北岭市第三人民医院", "云溪县中医院", "东湾大学附属仁爱医院", "青槐区妇幼保健院")
STREETS = ("Marlpit Lane", "Copperfield Terrace", "Juniper Hollow Road", "Quayside Walk", "Belvoir Crescent")
STREETS_ZH = ("梧桐路", "解放二街", "望江巷", "柳荫大道")
TOWNS = ("Larkmere", "Port Eldon", "Ashcombe", "Wolfsbruck")
TOWNS_ZH = ("北岭市", "云溪县", "东湾市")


@dataclass(frozen=True)
class Person:
    """Somebody with a name, as a patient or as staff."""

    family: str
    given: str
    ideographic: str  # family and given name in characters, or ""

    @property
    def pn(self) -> str:
        """The name as a value of PN (PS3.5 §6.2)."""
        if not self.ideographic:
            return f"{self.family}^{self.given}"
        cut = 2 if self.ideographic[:2] in ("欧阳", "诸葛") else 1
        return f"{self.family}^{self.given}={self.ideographic[:cut]}^{self.ideographic[cut:]}"

    @property
    def words(self) -> list[str]:
        """What must not be left of the name."""
        return [self.ideographic, self.family + " " + self.given] if self.ideographic else [self.family]


@dataclass(frozen=True)
class Patient:
    """A patient with all that identifies one."""

    person: Person
    sex: str
    born: date
    number: str  # Patient ID
    other: str  # another institution's Patient ID
    national: str  # a social security or resident identity number
    phone: str
    street: str
    town: str
    email: str
    hospital: str
    physician: Person
    reader: Person
    operator: Person
    chinese: bool


def _person(rng: random.Random, chinese: bool, sex: str) -> Person:
    if chinese:
        family, given = rng.choice(FAMILIES_ZH), rng.choice(GIVEN_ZH[sex])
        return Person(family[1], given[1], family[0] + given[0])
    return Person(rng.choice(FAMILIES), rng.choice(GIVEN[sex]), "")


def _resident(rng: random.Random, born: date, sex: str) -> str:
    """A resident identity number with its check digit (GB 11643, ISO 7064 MOD 11-2)."""
    digits = f"99{rng.randrange(10000):04d}{born:%Y%m%d}{rng.randrange(100):02d}{rng.randrange(5) * 2 + (sex == 'M')}"
    return digits + "10X98765432"[sum(int(d) * (2 ** (17 - i) % 11) for i, d in enumerate(digits)) % 11]


def patient(rng: random.Random, number: int) -> Patient:
    """Invents one; number keeps identifiers apart."""
    chinese, sex = rng.random() < 0.4, rng.choice("FM")
    born = date(1921, 1, 1) + timedelta(days=rng.randrange(27000))
    person = _person(rng, chinese, sex)
    staff = [_person(rng, chinese, rng.choice("FM")) for _ in range(3)]
    serial = f"{number:03d}{rng.randrange(10000):04d}"
    return Patient(
        person=person, sex=sex, born=born,
        number=rng.choice(("MRN" + serial, f"{serial[:3]}-{serial[3:]}-K", "P" + serial, "9" + serial)),
        other="XR" + serial + "B",
        national=_resident(rng, born, sex) if chinese else f"9{serial[:2]}-{serial[2:4]}-7{serial[4:]}",
        phone=f"199{rng.randrange(10**8):08d}" if chinese else f"(555) 01{serial[:1]}-{rng.randrange(10**4):04d}",
        street=f"{rng.choice(STREETS_ZH)}{rng.randrange(10, 400)}号" if chinese else f"{rng.randrange(10, 400)} {rng.choice(STREETS)}",
        town=rng.choice(TOWNS_ZH if chinese else TOWNS),
        email=f"{person.given}.{serial}@example.{'cn' if chinese else 'org'}".lower(),
        hospital=rng.choice(HOSPITALS_ZH if chinese else HOSPITALS),
        physician=staff[0], reader=staff[1], operator=staff[2], chinese=chinese,
    )
