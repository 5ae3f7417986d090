"""Free text in which what identifies stands beside what a reader needs.

A template is cut at "|": what is kept and what is taken out take turns, the kept first.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from people import Patient

# Descriptions by the region that is examined, so that they agree with the picture.
SHORT = {
    "CHEST": ("CT chest with contrast| {name}", "Chest low dose follow up| MRN {number}", "Chest PA and lateral| seen by Dr. {doctor}"),
    "ABDOMEN": ("Abdomen and pelvis with contrast| for {name}", "Liver protocol| {day}", "Right upper quadrant| Dr. {doctor}"),
    "HEAD": ("Brain without contrast|, {hospital}", "Axial T2 FLAIR| {number}", "Head routine| {family}"),
    "BREAST": ("Screening mammography| {day}", "Left breast MLO| {family}", "Bilateral diagnostic views| Dr. {doctor}"),
    "WHOLEBODY": ("PET CT whole body| MRN {number}", "Bone scan anterior and posterior| {family}", "Whole body attenuation corrected| {name}"),
    "HEART": ("Coronary angiography| Dr. {doctor}", "Left ventricle run| {name}", "Right coronary artery cranial view| {number}"),
}
SHORT_ZH = {
    "CHEST": ("胸部CT增强扫描| {name}", "胸部正侧位| 住院号{number}", "肺窗薄层重建| {doctor}医生"),
    "ABDOMEN": ("腹部超声| 患者{name}", "上腹部增强扫描| {hospital}", "肝胆胰脾| {day}"),
    "HEAD": ("头颅平扫| {hospital}", "脑部横断面| {name}", "头颅增强扫描| 住院号{number}"),
    "BREAST": ("右侧乳腺钼靶| {doctor}医生", "双侧乳腺斜位| {name}", "乳腺筛查| {day}"),
    "WHOLEBODY": ("全身骨显像| 住院号{number}", "全身断层显像| {name}", "全身平面显像| {hospital}"),
    "HEART": ("冠状动脉造影| {day}", "左心室造影| {name}", "右冠状动脉| {doctor}医生"),
}
LONG = (
    "No pleural effusion or pneumothorax.| Discussed with Dr. {doctor} by phone {phone}.| Follow up in three months.",
    "History of hypertension and type 2 diabetes.| {name} lives at {street}, {town}.| Complains of chest pain.",
    "Mild degenerative changes of the lumbar spine.| Compared with study of {day} at {hospital}.| No fracture seen.",
    "Small hepatic cyst in the right lobe.| Patient {family}, born {born}, MRN {number}.| Gallbladder is normal.",
    "Contrast reaction in the past.| Call {phone} or write to {email}.| Allergic to penicillin.",
    "Status post left total hip replacement.| SSN {national}, acc. {accession}.| Alignment is satisfactory.",
)
LONG_ZH = (
    "双肺纹理清晰,未见实质性病变。|患者{name},住院号{number}。|建议三个月后复查。",
    "肝右叶小囊肿,胆囊大小正常。|报告医师:{doctor},电话{phone}。|脾脏未见异常。",
    "腰椎轻度退行性改变。|与{day}在{hospital}的检查比较。|未见骨折征象。",
    "高血压病史十年。|身份证号{national},住址{town}{street}。|左心室略增大。",
)


@dataclass(frozen=True)
class Prose:
    """A text, the phrases in it that carry the finding, and the values that identify."""

    text: str
    kept: list[str]
    planted: list[str]


def _fill(template: str, values: dict[str, str]) -> Prose:
    parts = template.split("|")
    planted = [v for k, v in values.items() for part in parts[1::2] if "{" + k + "}" in part]
    text = "".join(part.format(**values) for part in parts)
    return Prose(text, [part.strip(" .。,") for part in parts[::2] if part.strip()], planted)


def _day(rng: random.Random, day: date, chinese: bool) -> str:
    if chinese:
        return f"{day.year}年{day.month}月{day.day}日"
    return rng.choice((day.strftime("%d %B %Y"), day.isoformat(), day.strftime("%m/%d/%Y")))


def _values(rng: random.Random, p: Patient, accession: str, day: date) -> dict[str, str]:
    name = p.person.ideographic or rng.choice((f"{p.person.given} {p.person.family}", f"{p.person.family}, {p.person.given}"))
    return {
        "name": name, "family": p.person.ideographic or p.person.family, "number": p.number,
        "doctor": p.physician.ideographic or p.physician.family, "hospital": p.hospital, "phone": p.phone, "email": p.email,
        "street": p.street, "town": p.town, "national": p.national, "accession": accession,
        "day": _day(rng, day, p.chinese), "born": _day(rng, p.born, p.chinese),
    }


def short(rng: random.Random, p: Patient, accession: str, day: date, region: str) -> Prose:
    """A description of an examination of a region, of at most 64 characters, as LO holds (PS3.5 Table 6.2-1)."""
    while True:
        made = _fill(rng.choice((SHORT_ZH if p.chinese else SHORT)[region]), _values(rng, p, accession, day))
        if len(made.text) <= 64:
            return made


def long(rng: random.Random, p: Patient, accession: str, day: date) -> Prose:
    """A comment or finding of several sentences."""
    return _fill(rng.choice(LONG_ZH if p.chinese else LONG), _values(rng, p, accession, day))
