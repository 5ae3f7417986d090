package deid

import (
	"strings"
	"unicode"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// headWords name what a face is in, or next to: whole words, or the beginning of
// one if it ends in *. Lower case; letters with marks also stand without them.
var headWords = strings.Fields(`
	head* headneck* brain* skull* cranium crani* cereb* cerv* cspine face facial* neck* orbit* sinus* paranas* stroke neuro* ear ears
	temporal* mastoid* iac pituitar* sella tmj jaw* mandib* maxill* dental* denta* teeth tooth nose nasal* nasoph* naso* pharyn* oroph* laryn* thyroid*
	eye eyes ocular* ophthal* scalp vertex willis carotid* intracran* encephal* mouth tongue lip lips cheek parotid* saliv* petrous sinonas*
	wholebody wb totalbody fullbody polytrauma
	kopf* schädel* schadel* schaedel* hirn* gehirn* gesicht* hals* hws auge* nase* kiefer* nnh felsenbein* ganzkörper* ganzkorper* ganzkoerper* zahn* zähne mund*
	tête tete crâne crane crân* cérébr* visage cou encéph* œil oeil yeux nez mâchoire machoire dents cervical*
	cabeza cráneo craneo cara cuello rostro ojo* nariz mandíbula diente* cerebro
	testa cranio encefalo viso faccia collo occhi* naso mandibola denti cervello
	cabeça cabeca crânio pescoço pescoco olho* dente* cérebro rosto
	hoofd* schedel* hersen* gezicht* nek głow* glow* mózg* mozg* czaszk* szyj* twarz*
	cow panscan* supraaort* tsa hn
	голов* череп* мозг* лиц* лицо ше* шея шеи глаз* нос носа челюст* орбит*
	baş kafa beyin yüz boyun رأس الرأس دماغ الدماغ وجه رقبة الرقبة`)

// headPhrases are the same in several words.
var headPhrases = []string{
	" whole body ", " total body ", " pan scan ", " h n ", " c spine ", " ganzer körper ", " corps entier ", " cuerpo entero ", " corpo inteiro ", " corpo intero ", " все тело ",
}

// headPieces are the same in scripts that do not part words.
var headPieces = strings.Fields(`
	头 頭 颅 顱 脑 腦 脳 脸 臉 面部 顔 颜面 頬 颈 頸 脖 首 鼻 眼 眶 耳 下颌 下頜 上颌 上頜 颌面 口腔 牙 歯 咽 喉 垂体 全身
	머리 두부 뇌 얼굴 안면 목 두개 경부 전신 눈 코 สมอง ศีรษะ`)

// doubtWords, and doubtPhrases, are of examinations that may reach the head: beside them
// no word of another part of the body clears an object, and its pixels must tell. A * at
// the beginning stands for letters, of which there is one or more.
var doubtWords = strings.Fields("trauma* *head *brain *skull panspine ganzwirbelsäule* gwbs")

var doubtPhrases = []string{
	" whole spine ", " total spine ", " entire spine ", " rachis entier ", " columna total ", " columna completa ", " ws ganz ", " ganze ws ",
}

// bodyWords name parts of the body that are clear of the face.
//
// They clear an object without a look at its pixels, so no word is here that also
// means something else.
var bodyWords = strings.Fields(`
	chest* thora* lung* pulmo* abdom* pelvi* knee* hip hips shoulder* elbow* wrist* hand hands finger* ankle* foot feet toe toes leg legs arm arms
	forearm* femur* femor* tibia* fibula* humer* ulna clavic* scapula* sternum rib ribs lumbar* lspine tspine sacr* coccyx thigh* calf calves extremit*
	liver* hepat* kidney* renal* urin* urogr* pancrea* spleen* prostat* heart* cardia* coronar* breast* mammo* aort* bladder* uter* ovar* colon* rectum rectal* bowel*
	enterogr* stomach* gastr* adrenal* biliar* mrcp bronch* mediast* esoph* groin*
	smartscore* cascore* agatston*
	brustkorb* lunge* bauch* becken* knie* hüfte* huefte* schulter* ellenbogen* handgelenk* fuß fuss bein beine leber* niere* herz* lws bws
	poitrine poumon* bassin* genou* hanche* épaule* epaule* coude* poignet* pied* jambe* bras foie coeur cœur lombaire*
	tórax torax pulm* abdomen pelvis rodilla* cadera* hombro* codo* muñeca* pierna* brazo* hígado* riñón* corazón*
	torace polmon* addome bacino ginocchi* anca spall* gomit* polso mano piede gamba braccio fegato cuore
	peito joelho* quadril ombro* cotovelo* punho tornozelo* pé perna* braço* coração
	borst* buik* bekken* klatk* brzuch* miednic* груд* легк* живот* брюш* таз* колен* плеч* локт* стоп* серд* печен* почк*`)

// bodyPieces are the same in scripts that do not part words.
var bodyPieces = strings.Fields(`
	胸 肺 腹 骨盆 盆腔 骨盤 膝 髋 髖 股骨 肩 肘 腕 踝 足部 腿 臂 肝 肾 腎 胰 膵 脾 前列腺 心脏 心臟 心臓 冠脉 冠状 冠動脈 乳 主动脉 大動脈 膀胱 子宫 子宮 结肠 結腸 直肠 直腸 腰椎 胸椎 肋
	가슴 흉부 복부 골반 무릎 어깨 심장 요추`)

// headCodes are anatomic codes of the same (PS3.16 CID 4031; SNOMED CT and, in
// older objects, SRT).
var headCodes = terms(`69536005 t-d1100 774007 t-d1000 12738006 t-a0100 45048000 t-d1600 89546000 t-11100 89545001 t-d1200 38266002 t-d0010
	363654007 t-d14ae 371398005 t-d0801 2095001 t-22000 120228005 70925003 t-11170 91609006 t-11180 661005 t-d1213 81745001 t-aa000 117590005 t-ab000
	45206002 t-21000 56329008 t-b1000 122494005 t-11501 53620006 t-15770 54066008 t-55300 71836000 t-23000 69105007 t-45100 52795006 t-d1110 123851003 t-51000`)

// face withholds what shows a head, by its words. It returns unnamed for what shows
// sections of a body and whose words name no part of it, so that its pixels must tell.
// Which classes can show a face at all is in [viewOf].
func face(file *dicom.File, ds *dicom.Dataset) (reasons []sinso.Reason, unnamed bool) {
	faces := []sinso.Reason{ReasonFace}
	if strings.EqualFold(file.String(tagRecognizable), "YES") || file.String(tagSOPClass) == craniofacial {
		return faces, false
	}
	v, asked := viewOf(file, ds)
	if v == viewProjection && !hasPixelData(ds) {
		return nil, false
	}
	text, raw, codes := regionText(file, ds)
	named := hasAny(text, headWords, headPieces) || hasAny(text, nil, headPhrases) || anyCode(codes)
	switch {
	case named && (v != viewProjection || turned(file) || rendered(file, raw)):
		return faces, false
	case named || !asked:
		return nil, false
	default:
		return nil, !hasAny(text, bodyWords, bodyPieces) || hasAny(text, doubtWords, doubtPhrases)
	}
}

// regionTags are the texts in which people say what they imaged.
var regionTags = map[dicom.Tag]bool{
	tagBodyPart: true, tagStudyDescription: true, tagSeriesDescription: true, tagProtocolName: true, tagAcquisitionProtocol: true,
	tagRequestedProcedure: true, tagPerformedStep: true, tagScheduledStep: true,
	tagROIName: true, tagROIDescription: true, tagStructureLabel: true, tagStructureName: true, tagSegmentLabel: true, tagSegmentDescription: true,
}

// regionSequences are the sequences whose codes say it.
var regionSequences = map[dicom.Tag]bool{
	tagAnatomicRegion: true, tagProcedureCodes: true, tagRequestedCodes: true, tagScheduledCodes: true, tagPerformedCodes: true,
	tagSegmentType: true,
}

// regionText returns everything in which an object says what it shows, at any depth,
// folded and as it stands in lower case, and the codes for it.
func regionText(file *dicom.File, ds *dicom.Dataset) (folded, raw string, codes []string) {
	charset := file.Charset()
	var b strings.Builder
	seen := map[string]bool{} // an enhanced object says the same in every frame
	add := func(value []byte) {
		if !seen[string(value)] {
			seen[string(value)] = true
			b.WriteString(charset.Decode(value, false))
			b.WriteByte(' ')
		}
	}
	_ = ds.Walk(func(_ int, e *dicom.DataElement) error { // the function returns no error
		if regionTags[e.Tag] {
			add(e.Value)
		}
		if !regionSequences[e.Tag] {
			return nil
		}
		for i := range e.Items {
			if meaning := e.Items[i].Find(tagCodeMeaning); meaning != nil {
				add(meaning.Value)
			}
			if code := e.Items[i].Find(tagCodeValue); code != nil && !seen["code"+string(code.Value)] {
				seen["code"+string(code.Value)] = true
				codes = append(codes, strings.ToLower(strings.Trim(string(code.Value), " \x00")))
			}
		}
		return nil
	})
	return fold(b.String()), strings.ToLower(b.String()), codes
}

func anyCode(codes []string) bool {
	for _, code := range codes {
		if headCodes[code] {
			return true
		}
	}
	return false
}

// fold lower-cases text and puts one blank for each run of anything that is no
// letter or digit, with one at both ends. Digits part words: T1brain, head2.
func fold(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	blank := true
	for _, r := range strings.ToLower(text) {
		if unicode.IsLetter(r) || unicode.IsMark(r) {
			b.WriteRune(r)
			blank = false
			continue
		}
		if !blank {
			b.WriteByte(' ')
			blank = true
		}
	}
	b.WriteByte(' ')
	return b.String()
}

// hasAny reports whether folded text has one of the words or pieces.
func hasAny(folded string, words, pieces []string) bool {
	for _, word := range words {
		if end, open := strings.CutPrefix(word, "*"); open {
			if endsWord(folded, end) {
				return true
			}
			continue
		}
		prefix, open := strings.CutSuffix(word, "*")
		if !open {
			prefix += " "
		}
		if strings.Contains(folded, " "+prefix) {
			return true
		}
	}
	for _, piece := range pieces {
		if strings.Contains(folded, piece) {
			return true
		}
	}
	return false
}

// endsWord reports whether a word of folded text ends so, and does not begin so too.
func endsWord(folded, end string) bool {
	for word := range strings.FieldsSeq(folded) {
		if strings.HasSuffix(word, end) && word != end {
			return true
		}
	}
	return false
}
