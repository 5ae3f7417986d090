package serve

import (
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/format/dicom"
	dicomjson "sinso.dev/sinso/internal/format/dicom/json"
	"sinso.dev/sinso/internal/format/dicom/sr"
	"sinso.dev/sinso/internal/serve/dicomweb"
)

// What a person marked in a study is written as DICOM here, and filed as if it had come by
// STOW: whose it is, and what it says of patient and study, is copied from the study.

const (
	maxMarked    = 4 << 20   // bytes of a body: contours have up to 257 points
	maxSelection = 256 << 10 // bytes of a body
	maxMarks     = 500
	maxKeyImages = 1000
	maxReplaced  = 100
	maxNote      = 1000 // characters
	maxMarkLabel = 64   // characters
	maxSpot      = 1e6  // pixels or mm; points may be beside the image
)

func (s *Server) marked() []route {
	return []route{
		{"POST", api + "/studies/{study}/reports", "saveReport", signedIn, "file measurements and notes as a DICOM measurement report of the study", nil, take(maxMarked, (*call).saveReport)},
		{"POST", api + "/studies/{study}/keyimages", "saveKeyImages", signedIn, "file which images are of interest as a DICOM key object selection", nil, take(maxSelection, (*call).saveKeyImages)},
	}
}

// newReport are all marks that hold from now on.
type newReport struct {
	Marks    []newMark `json:"marks" nullable:"false"`
	Replaces []string  `json:"replaces,omitempty"` // SOP Instance UIDs of reports and selections of this node that it takes the place of
}

// newMark is one mark.
type newMark struct {
	Kind     sr.Kind     `json:"kind" enum:"length,axes,angle,cobb,rectangle,ellipse,circle,contour,probe,text"`
	Tracking string      `json:"tracking"`        // a UID, the same in later reports
	Label    string      `json:"label"`           // what people call it
	Image    string      `json:"image,omitempty"` // the SOP Instance UID that it is drawn on
	Frame    int         `json:"frame,omitempty"` // of that image, from 1
	Space    string      `json:"space,omitempty"` // without an image: the frame of reference UID
	Points   [][]float64 `json:"points" nullable:"false"`
	Text     string      `json:"text,omitempty"`
	Values   []newValue  `json:"values,omitempty"`
}

// newValue is one number of a mark.
type newValue struct {
	Of     string  `json:"of" enum:"length,long,short,angle,cobb,area,value,mean,deviation,least,most"`
	In     string  `json:"in" enum:"mm,mm2,mm-detector,mm2-detector,mm-hand,mm2-hand,px,px2,deg,HU,SUV,1"`
	Number float64 `json:"number"`
}

// newKeyImages are all images of interest from now on.
type newKeyImages struct {
	Images   []keyImage `json:"images" nullable:"false"`
	Replaces []string   `json:"replaces,omitempty"` // as in a report: the newest of its series counts
}

// keyImage is an image, or one frame of it, from 1.
type keyImage struct {
	Image string `json:"image"` // SOP Instance UID
	Frame int    `json:"frame,omitempty"`
}

// filedDocument is what was filed.
type filedDocument struct {
	UID string    `json:"uid"` // SOP Instance UID
	At  time.Time `json:"at"`
	By  string    `json:"by"` // the role that the document names
	// Left are the marks, by their tracking UIDs, or the key images that are not in it: their
	// image is not in the study, or not any more.
	Left []string `json:"left" nullable:"false"`
}

// markedStudy is a study that somebody marks in.
type markedStudy struct {
	row    sinso.StudyRow
	header dicom.Dataset
	series map[sinso.SeriesID]sinso.SeriesRow
	by     map[string]sinso.InstanceRow // by UID: the one that came first
}

func (c *call) saveReport(in newReport) (filedDocument, error) {
	study, err := c.markedStudy()
	if err != nil {
		return filedDocument{}, err
	}
	if len(in.Marks) > maxMarks {
		return filedDocument{}, invalid(fmt.Sprintf("one report has up to %d marks", maxMarks))
	}
	marks, left := make([]sr.Mark, 0, len(in.Marks)), []string{}
	for _, m := range in.Marks {
		mark, err := study.mark(m)
		switch {
		case errors.Is(err, sinso.ErrNotFound):
			left = append(left, m.Tracking)
		case err != nil:
			return filedDocument{}, err
		default:
			marks = append(marks, mark)
		}
	}
	replaced, err := study.replaced(in.Replaces)
	if err != nil {
		return filedDocument{}, err
	}
	document, err := c.document(study, sr.ClassReport, in.Replaces)
	if err != nil {
		return filedDocument{}, err
	}
	file, err := sr.Report(document, marks, replaced)
	return c.fileDocument(study, document, left, file, err)
}

func (c *call) saveKeyImages(in newKeyImages) (filedDocument, error) {
	study, err := c.markedStudy()
	if err != nil {
		return filedDocument{}, err
	}
	if len(in.Images) == 0 || len(in.Images) > maxKeyImages {
		return filedDocument{}, invalid(fmt.Sprintf("a selection has 1 to %d images", maxKeyImages))
	}
	images, left := make([]sr.Place, 0, len(in.Images)), []string{}
	for _, image := range in.Images {
		place, err := study.place(image.Image, image.Frame)
		switch {
		case errors.Is(err, sinso.ErrNotFound):
			left = append(left, image.Image)
		case err != nil:
			return filedDocument{}, err
		default:
			images = append(images, place)
		}
	}
	if len(images) == 0 {
		return filedDocument{}, fmt.Errorf("serve: an image of study %s: %w", study.row.ID, sinso.ErrNotFound)
	}
	if _, err := study.replaced(in.Replaces); err != nil {
		return filedDocument{}, err
	}
	document, err := c.document(study, sr.ClassKeyImages, in.Replaces)
	if err != nil {
		return filedDocument{}, err
	}
	file, err := sr.KeyImages(document, images)
	return c.fileDocument(study, document, left, file, err)
}

// markedStudy returns the study in the path, for who may open it and add to it. Who marks
// in a de-identified copy marks in what is given away, so that is not done here.
func (c *call) markedStudy() (markedStudy, error) {
	row, err := c.studyRow(auth.Open)
	if err == nil {
		err = c.caller.May(auth.Import, row.Person)
	}
	if err != nil {
		return markedStudy{}, err
	}
	if row.Deidentified > 0 {
		return markedStudy{}, refused(http.StatusForbidden, sinso.ErrDenied, "this study has de-identified copies: what is marked in them is not kept")
	}
	s := markedStudy{row: row, series: map[sinso.SeriesID]sinso.SeriesRow{}, by: map[string]sinso.InstanceRow{}}
	if s.header, err = headerOf(row); err != nil {
		return s, err
	}
	all, err := c.way.Series(c.ctx(), row.ID)
	if err != nil {
		return s, err
	}
	for _, one := range all {
		s.series[one.ID] = one
	}
	rows, err := c.way.Instances(c.ctx(), row.ID)
	for _, one := range rows {
		if was, twice := s.by[one.UID]; !twice || one.Seq < was.Seq {
			s.by[one.UID] = one
		}
	}
	return s, err
}

// headerOf is what a study says of its patient and itself: of an object whose metadata
// could not be written, what the index has.
func headerOf(row sinso.StudyRow) (dicom.Dataset, error) {
	var header dicom.Dataset
	if len(row.Header) > 0 {
		var err error
		if header, err = dicomjson.Decode(row.Header, nil); err != nil {
			return header, fmt.Errorf("serve: study %s: what it says of itself: %w", row.ID, sinso.ErrCorrupt)
		}
	} else {
		for _, e := range []struct {
			tag   dicom.Tag
			vr    dicom.VR
			value string
		}{
			{0x00100010, dicom.VRPN, row.PatientName},
			{0x00100020, dicom.VRLO, row.PatientID},
			{0x00080020, dicom.VRDA, row.Date},
			{0x00080030, dicom.VRTM, row.Time},
			{0x00080050, dicom.VRSH, row.Accession},
			{0x00081030, dicom.VRLO, row.Description},
		} {
			header.SetString(e.tag, e.vr, e.value)
		}
	}
	header.SetString(tagStudyUID, dicom.VRUI, row.UID) // of an object without one, it was derived
	return header, nil
}

const (
	tagStudyUID     = dicom.Tag(0x0020000D)
	tagManufacturer = dicom.Tag(0x00080070)
	tagModel        = dicom.Tag(0x00081090)
)

func (s *markedStudy) object(row sinso.InstanceRow) sr.Object {
	return sr.Object{Class: row.SOPClass, UID: row.UID, Series: s.series[row.Series].UID}
}

// place finds an image of the study, or a frame of one. ErrNotFound for what is not there: a
// document that was forged may name it.
func (s *markedStudy) place(uid string, frame int) (sr.Place, error) {
	row, ok := s.by[uid]
	switch {
	case !ok || row.Frames < 1 || frame < 0 || frame > row.Frames:
		return sr.Place{}, fmt.Errorf("serve: an image of study %s: %w", s.row.ID, sinso.ErrNotFound)
	case row.Frames == 1:
		frame = 0 // is not written of what has one
	case frame == 0:
		return sr.Place{}, invalid("the image has frames: name one")
	}
	return sr.Place{Object: s.object(row), Frame: frame}, nil
}

// mark checks what package sr cannot know: the image, and how much of everything there is.
func (s *markedStudy) mark(in newMark) (sr.Mark, error) {
	m := sr.Mark{Kind: in.Kind, Tracking: in.Tracking, Label: in.Label, Space: in.Space, Points: in.Points, Text: in.Text}
	for _, v := range in.Values {
		m.Values = append(m.Values, sr.Value{Of: v.Of, In: v.In, Number: v.Number})
	}
	var err error
	switch {
	case !isUID(in.Tracking), in.Space != "" && !isUID(in.Space):
		return m, invalid("a mark has a UID that is none")
	case !printable(in.Label, maxMarkLabel) || !printable(in.Text, maxNote):
		return m, invalid("a label or a note is too long, or has characters that are none")
	case len(in.Values) > 8:
		return m, invalid("a mark has up to 8 values")
	case (in.Image != "") == (in.Space != ""):
		return m, invalid("a mark is on an image, or in a frame of reference")
	case in.Image != "":
		m.On, err = s.place(in.Image, in.Frame)
	}
	for _, p := range in.Points {
		for _, v := range p {
			if v < -maxSpot || v > maxSpot {
				return m, invalid("a point is too far off")
			}
		}
	}
	return m, err
}

// replaced finds the documents that are replaced: those of ours alone, for what others
// wrote says more than we can write anew. One that was taken out meanwhile is passed over.
func (s *markedStudy) replaced(uids []string) ([]sr.Object, error) {
	if len(uids) > maxReplaced {
		return nil, invalid(fmt.Sprintf("up to %d documents are replaced at once", maxReplaced))
	}
	objects := make([]sr.Object, 0, len(uids))
	for _, uid := range uids {
		row, ok := s.by[uid]
		if !ok {
			continue
		}
		if row.SOPClass != sr.ClassReport && row.SOPClass != sr.ClassKeyImages || !ours(s.series[row.Series]) {
			return nil, invalid("what another program wrote is not replaced")
		}
		objects = append(objects, s.object(row))
	}
	return objects, nil
}

// ours reports whether a series says that this program's viewer made it.
func ours(series sinso.SeriesRow) bool {
	header, err := dicomjson.Decode(series.Header, nil)
	says := func(tag dicom.Tag) string {
		if e := header.Find(tag); e != nil {
			return strings.TrimSpace(string(e.Value))
		}
		return ""
	}
	return err == nil && says(tagManufacturer) == sr.Manufacturer && says(tagModel) == sr.Model
}

// document names a new document. It goes into the series of one that it replaces, with
// the next number, or into a series of its own.
func (c *call) document(s markedStudy, class string, replaces []string) (sr.Document, error) {
	by := string(c.caller.Role)
	if by == "" {
		by = "keeper"
	}
	d := sr.Document{Header: s.header, Number: 1, At: c.cfg.Clock.Now(), By: by}
	for _, uid := range replaces {
		if row := s.by[uid]; row.SOPClass == class {
			d.Series = s.series[row.Series].UID
		}
	}
	for _, row := range s.by {
		if d.Series != "" && s.series[row.Series].UID == d.Series {
			d.Number = max(d.Number, row.Number+1)
		}
	}
	for _, uid := range []*string{&d.UID, &d.Series} {
		if *uid == "" {
			var err error
			if *uid, err = c.newUID(); err != nil {
				return d, err
			}
		}
	}
	return d, nil
}

// newUID makes a UID of a random UUID (PS3.5 B.2).
func (c *call) newUID() (string, error) {
	id := make([]byte, 16)
	if _, err := c.cfg.Rand.Read(id); err != nil {
		return "", fmt.Errorf("serve: a UID: %w", sinso.ErrUnavailable)
	}
	id[6], id[8] = id[6]&0x0F|0x40, id[8]&0x3F|0x80 // RFC 9562 §5.4
	return "2.25." + new(big.Int).SetBytes(id).String(), nil
}

// fileDocument files a document as STOW does, under the study's person.
func (c *call) fileDocument(s markedStudy, d sr.Document, left []string, file []byte, err error) (filedDocument, error) {
	if err != nil {
		return filedDocument{}, err
	}
	_, err = webArchive{Way: c.way}.Take(c.ctx(), sinso.Item{Bytes: file, Person: s.row.Person}, dicomweb.TakeOptions{Actor: c.caller.ID, Person: s.row.Person})
	return filedDocument{UID: d.UID, At: d.At, By: d.By, Left: left}, err
}

// isUID reports whether text is a UID that may be written: numbers without leading zeros
// between dots (PS3.5 §9.1).
func isUID(text string) bool {
	for number := range strings.SplitSeq(text, ".") {
		if number == "" || len(number) > 1 && number[0] == '0' || strings.Trim(number, "0123456789") != "" {
			return false
		}
	}
	return len(text) <= 64
}

// printable reports whether text has up to so many characters, and none that controls but
// the end of a line.
func printable(text string, most int) bool {
	return utf8.RuneCountInString(text) <= most && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' })
}
