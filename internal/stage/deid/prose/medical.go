package prose

import "strings"

// medicalRoots are the forms of Greek and Latin that medical words are made of.
const medicalRoots = `abdomino acetabulo acro adeno adreno alveolo angio arterio arthro athero atrio audio bili broncho bronchiolo calcaneo
	carcino cardio carpo cephalo cerebello cerebro cervico chole cholangio choledocho chondro cilio colo colpo costo cranio cysto cyto
	dacryo dento dermato duodeno electro encephalo endo entero epi esophago fasci femoro fibro fibulo gastro genito gingivo glosso
	haemo hemato hemo hepato hidro histo humero hydro hyper hypo hystero ileo ilio infra inter intra ischio jejuno kerato labio laparo
	laryngo latero leuko lipo litho lobo lumbo lympho macro mammo mandibulo mastoido maxillo medio meningo mesio meta metacarpo metatarso
	micro muco myelo myo naso necro nephro neuro occipito oculo odonto onco oophoro ophthalmo orbito orchi oro osteo oto pancreatico pancreato
	para parieto patello pelvi peri pharyngo phlebo pleuro pneumo pneumono poly post postero prostato pseudo pulmono pyelo pylo recto reno retino retro
	rhino sacro salpingo sarco sclero scoto sialo sigmoido sino somato spermato sphenoido spleno spondylo sterno sub supra synovo temporo
	tendo teno thoraco thrombo thymo thyro tibio tonsillo tracheo trans trigemino uretero urethro urino uro utero vaso veno ventriculo vertebro vesico`

// medicalEndings are what they end in.
const medicalEndings = `itis osis oses oma omas omata ectomy ectomies otomy otomies ostomy ostomies plasty plasties scopy scopies scopic graphy graphies graphic gram grams
	graph graphs megaly pathy pathies pathic lysis lytic rrhage rrhagia rrhagic rrhea rrhaphy centesis cele celes lith liths lithiasis malacia stenosis stenoses
	sclerosis plegia plegic paresis paretic algia algias dynia emia aemia uria phagia pnea pnoea tripsy desis pexy ptosis cytosis penia penic
	genesis genic genous logy logic logical logist metry metric tomy sarcoma carcinoma blastoma spasm spasms stasis static trophy trophic plasia plastic
	al ar ic ous ary eal oid ial iac ental thorax cardium pulmonary vascular muscular intestinal esophageal articular lumbar sacral femoral
	tibial fibular phalangeal carpal tarsal temporal parietal occipital frontal medial lateral superior inferior anterior posterior distal proximal duodenal
	ileal jejunal colic rectal vaginal vesical ureteral hepatic splenic renal pancreatic biliary cranial facial nasal orbital ocular bronchial tracheal
	pleural pericardial peritoneal abdominal pelvic vertebral spinal meningeal cerebral cerebellar ventricular atrial septal coronary dermal cutaneous mammary`

// Lengths in letters of a word that is taken apart: what is shorter may be a name.
const (
	minMedical = 9
	minStem    = 5 // of a word of the vocabulary after a prefix
)

// prefixes may stand before a word of the vocabulary.
var prefixes = strings.Fields(`non sub supra infra inter intra extra retro trans para peri pre post anti hyper hypo poly micro macro multi over under semi
	ultra endo juxta bi tri un re dis mal hemi iso pseudo`)

// medical reports whether a word is not in the vocabulary but made as medical ones
// are: roots and an ending, or a prefix and a word of the vocabulary.
func (p *page) medical(i int) bool {
	n := p.size(i)
	if n < minMedical-1 || n > maxWord {
		return false
	}
	word := p.word(i)
	for _, prefix := range prefixes {
		if rest, ok := strings.CutPrefix(word, prefix); ok && len(rest) >= minStem {
			if c := p.lex.words[rest]; c&inVocabulary != 0 && c&isAnyName == 0 {
				return true
			}
		}
	}
	return n >= minMedical && p.lex.madeOfRoots(word, 0)
}

// maxRoots bounds how many roots a word has.
const maxRoots = 4

// madeOfRoots reports whether a word is some roots, and an ending after at least
// one of them.
func (l *lexicon) madeOfRoots(word string, depth int) bool {
	if depth > 0 && l.endings[word] {
		return true
	}
	if depth == maxRoots || word == "" {
		return false
	}
	for _, root := range l.roots[word[0]] {
		if rest, ok := strings.CutPrefix(word, root); ok && l.madeOfRoots(rest, depth+1) {
			return true
		}
		if strings.HasSuffix(root, "o") { // the o goes before a vowel: gastr-itis
			if rest, ok := strings.CutPrefix(word, root[:len(root)-1]); ok && l.madeOfRoots(rest, depth+1) {
				return true
			}
		}
	}
	return false
}
