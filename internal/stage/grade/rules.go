package grade

import (
	"strings"
	"unicode"
)

// biometricClasses are SOP classes that record what a person can be recognised
// by for life: the retina, the iris and the front of the eye (PS3.4 Table B.5-1).
var biometricClasses = map[string]bool{
	"1.2.840.10008.5.1.4.1.1.77.1.5.1": true, // Ophthalmic Photography 8 Bit
	"1.2.840.10008.5.1.4.1.1.77.1.5.2": true, // Ophthalmic Photography 16 Bit
	"1.2.840.10008.5.1.4.1.1.77.1.5.4": true, // Ophthalmic Tomography
	"1.2.840.10008.5.1.4.1.1.77.1.5.5": true, // Wide Field Ophthalmic Photography Stereographic Projection
	"1.2.840.10008.5.1.4.1.1.77.1.5.6": true, // Wide Field Ophthalmic Photography 3D Coordinates
	"1.2.840.10008.5.1.4.1.1.77.1.5.7": true, // Ophthalmic OCT En Face
	"1.2.840.10008.5.1.4.1.1.77.1.5.8": true, // Ophthalmic OCT B-scan Volume Analysis
}

// biometricModalities are the same by Modality (PS3.3 C.7.3.1.1.1).
var biometricModalities = map[string]bool{
	"OP": true, "OPT": true, "OPTENF": true, "OPTBSV": true,
}

// stigma is a subject that harms whoever is known to have to do with it. The
// subjects are the sensitivity codes of HL7 v3 ActCode (_InformationSensitivityPolicy).
type stigma struct {
	code   string   // of HL7 v3 ActCode
	words  []string // whole words, or the beginning of one if it ends in *
	pieces []string // anywhere: for scripts that do not part words
}

var stigmas = []stigma{
	{
		code: "HIV",
		words: []string{
			"hiv", "hiv1", "hiv2", "aids", "vih", "sida", "вич", "спид", "kaposi*",
		},
		pieces: []string{"艾滋", "愛滋", "エイズ", "에이즈"},
	},
	{
		code: "PSY",
		words: []string{
			"psych*", "psiqui*", "psichiat*", "schizo*", "esquizo*", "bipolar", "bipolaire", "suicid*", "selbstmord*",
			"anorexi*", "bulimi*", "психи*", "шизо*",
		},
		pieces: []string{"精神", "抑郁", "抑鬱", "自杀", "自殺", "統合失調", "정신과"},
	},
	{
		code: "ETH", // substance use
		words: []string{
			"alcohol*", "alkohol*", "addict*", "opioid*", "opiate*", "heroin*", "cocain*", "kokain*", "methadon*", "metadona",
			"overdose", "überdosis", "surdose", "sobredosis", "toxicoman*", "bodypack*", "bodystuff*", "алкогол*", "наркот*",
		},
		pieces: []string{"吸毒", "毒品", "酗酒", "戒毒", "アルコール依存", "薬物依存"},
	},
	{
		code: "SDV", // sexual assault, abuse, domestic violence
		words: []string{
			"assault*", "rape", "raped", "abuse", "abused", "nai", "battered", "missbrauch*", "vergewaltig*", "viol", "violación", "violacion",
			"maltrat*", "misshandl*", "stupro", "изнасил*",
		},
		pieces: []string{"性侵", "强奸", "強姦", "虐待", "家暴", "性暴力", "성폭행"},
	},
	{
		code: "SEX", // sexuality and reproductive health, sexually transmitted disease
		words: []string{
			"std", "sti", "syphil*", "gonorr*", "chlamyd*", "transgender", "transsex*", "abortion", "abort", "avortement", "schwangerschaftsabbruch",
			"genital*", "genitalia", "génital*", "penis", "penile", "vulva*", "scrot*", "erectil*", "сифил*", "аборт*",
		},
		pieces: []string{"性病", "梅毒", "淋病", "生殖器", "阴茎", "陰茎", "流产手术", "堕胎", "人工流产", "中絶", "매독"},
	},
	{
		code: "GDIS", // genetic disease
		words: []string{
			"huntington*", "brca", "brca1", "brca2", "genetic", "genetisch*", "génétique", "genetica", "genética", "генети*",
		},
		pieces: []string{"遗传病", "遺傳病", "遺伝", "亨廷顿", "유전"},
	},
}

// matches reports whether folded text names the subject.
func (s stigma) matches(folded string) bool {
	for _, word := range s.words {
		if prefix, open := strings.CutSuffix(word, "*"); open {
			if strings.Contains(folded, " "+prefix) {
				return true
			}
			continue
		}
		if strings.Contains(folded, " "+word+" ") {
			return true
		}
	}
	for _, piece := range s.pieces {
		if strings.Contains(folded, piece) {
			return true
		}
	}
	return false
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
