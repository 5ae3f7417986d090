package dicomweb_test

import (
	"bytes"
	"cmp"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/json"
	"sinso.dev/sinso/internal/serve/dicomweb"
	"sinso.dev/sinso/internal/stage/ingest"
)

// memoryArchive is an archive of maps: a test double that keeps plain bytes, and
// matches the few keys that the tests use as PS3.4 C.2.2.2 says.
type memoryArchive struct {
	arrivals  atomic.Int64
	read      atomic.Int64 // bytes that were read in parts
	wholes    atomic.Int64 // objects that were read whole
	mu        sync.Mutex   // guards the rest
	studies   map[sinso.StudyID]sinso.StudyRow
	series    map[sinso.SeriesID]sinso.SeriesRow
	instances []sinso.InstanceRow // by Seq
	metadata  map[sinso.InstanceID][]byte
	plain     map[sinso.InstanceID][]byte
	changes   []dicomweb.Change
	owners    []sinso.PersonID // of the changes
	opened    []string
	fail      error // of Take
	inTake    int
	mostTakes int
	takeTime  time.Duration
	index     []sinso.Found // in order, if nothing more will be stored
}

// freeze keeps the order of what is found: an index is what the real archive has.
func (m *memoryArchive) freeze() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, row := range m.sorted() {
		m.index = append(m.index, m.found(row, true))
	}
}

func newMemoryArchive() *memoryArchive {
	return &memoryArchive{
		studies: map[sinso.StudyID]sinso.StudyRow{}, series: map[sinso.SeriesID]sinso.SeriesRow{},
		metadata: map[sinso.InstanceID][]byte{}, plain: map[sinso.InstanceID][]byte{},
	}
}

func opaque(prefix string, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "|")))
	return prefix + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:26])
}

// Arrive implements [dicomweb.Archive].
func (m *memoryArchive) Arrive() dicomweb.Arrival {
	m.arrivals.Add(1)
	return &arrival{left: &m.arrivals}
}

// arrival is what Take wants to be the object.
type arrival struct {
	all  []byte
	left *atomic.Int64 // that neither were taken nor given up
}

// GiveUp implements [dicomweb.Arrival].
func (a *arrival) GiveUp() { a.left.Add(-1) }

// Arrived implements [multipart.Sink].
func (a *arrival) Arrived(all []byte) { a.all = all }

func (m *memoryArchive) Take(_ context.Context, item sinso.Item, o dicomweb.TakeOptions) (sinso.Receipt, error) {
	if a, seen := o.Arrival.(*arrival); seen {
		if a.GiveUp(); !bytes.Equal(a.all, item.Bytes) {
			return sinso.Receipt{}, errors.New("other bytes were seen to arrive")
		}
	}
	m.mu.Lock()
	m.inTake++
	m.mostTakes = max(m.mostTakes, m.inTake)
	m.mu.Unlock()
	time.Sleep(m.takeTime)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.inTake--
	if m.fail != nil {
		return sinso.Receipt{}, m.fail
	}
	record, err := ingest.Read(item)
	if err != nil {
		return sinso.Receipt{}, err
	}
	person := o.Person
	if person == "" {
		person = sinso.PersonID(opaque("p_", record.Header.PatientID.Reveal()))
	}
	return m.file(person, record)
}

// file puts a record into the maps; the caller holds mu.
func (m *memoryArchive) file(person sinso.PersonID, record sinso.Record) (sinso.Receipt, error) {
	h := record.Header
	study, series, uid := h.StudyUID.Reveal(), h.SeriesUID.Reveal(), h.InstanceUID.Reveal()
	sum := sha256.Sum256(record.Bytes)
	digest := hex.EncodeToString(sum[:])
	row := sinso.InstanceRow{
		ID:    sinso.InstanceID(opaque("i_", string(person), digest)),
		Study: sinso.StudyID(opaque("s_", string(person), study)), Series: sinso.SeriesID(opaque("e_", string(person), series)),
		Person: person, UID: uid, Fingerprint: digest, SOPClass: h.SOPClassUID, Syntax: h.TransferSyntax, Number: h.InstanceNumber,
		Frames: h.Frames, Rows: h.Rows, Columns: h.Columns, Size: int64(len(record.Bytes)), Seq: uint64(len(m.changes)),
	}
	receipt := sinso.Receipt{Person: person, Study: row.Study, Instance: row.ID, Outcome: sinso.OutcomeTaken}
	for _, other := range m.instances {
		if other.UID == uid && other.Fingerprint == digest {
			receipt.Outcome = sinso.OutcomeDuplicate
			return receipt, nil
		}
		row.Conflict = row.Conflict || other.UID == uid
	}
	if row.Conflict {
		receipt.Outcome = sinso.OutcomeConflict
	}
	file, err := dicom.Read(record.Bytes)
	if err != nil {
		return receipt, err
	}
	object, err := json.Encode(file, json.Options{BulkURI: func(path string) string { return "bulk/" + path }})
	if err != nil {
		return receipt, err
	}
	m.fileAbove(row, study, series, h, object)
	m.metadata[row.ID], m.plain[row.ID] = deflated(object), record.Bytes
	m.instances = append(m.instances, row)
	m.change(person, dicomweb.Change{Action: dicomweb.ActionCreate, StudyUID: study, SeriesUID: series, InstanceUID: uid})
	return receipt, nil
}

func (m *memoryArchive) fileAbove(row sinso.InstanceRow, study, series string, h sinso.Header, object []byte) {
	ofStudy := func(t dicom.Tag) bool {
		return t.Group() == 0x0010 || slices.Contains([]dicom.Tag{0x00080005, 0x00080020, 0x00080030, 0x00080050, 0x00081030, 0x0020000D, 0x00200010}, t)
	}
	ofSeries := func(t dicom.Tag) bool {
		return slices.Contains([]dicom.Tag{0x00080060, 0x0008103E, 0x0020000E, 0x00200011}, t)
	}
	if _, ok := m.studies[row.Study]; !ok {
		m.studies[row.Study] = sinso.StudyRow{
			ID: row.Study, Person: row.Person, UID: study, PatientID: h.PatientID.Reveal(), PatientName: h.PatientName.Reveal(),
			Date: h.StudyDate.Reveal(), Header: json.Pick(object, ofStudy, nil),
		}
	}
	if _, ok := m.series[row.Series]; !ok {
		m.series[row.Series] = sinso.SeriesRow{ID: row.Series, Study: row.Study, UID: series, Modality: h.Modality, Header: json.Pick(object, ofSeries, nil)}
	}
	s, e := m.studies[row.Study], m.series[row.Series]
	s.Instances, e.Instances = s.Instances+1, e.Instances+1
	m.studies[row.Study], m.series[row.Series] = s, e
}

func deflated(b []byte) []byte {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		panic(err)
	}
	if _, err := w.Write(b); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func (m *memoryArchive) change(person sinso.PersonID, at dicomweb.Change) {
	at.Seq, at.At = uint64(len(m.changes)+1), time.Unix(1_700_000_000, 0).UTC()
	m.changes, m.owners = append(m.changes, at), append(m.owners, person)
}

func (m *memoryArchive) Find(_ context.Context, q sinso.Query, fn func(sinso.Found) error) error {
	m.mu.Lock()
	var found []sinso.Found
	seen := map[string]bool{}
	all := m.index
	if all == nil {
		for _, row := range m.sorted() {
			all = append(all, m.found(row, q.Metadata))
		}
	}
	for _, f := range all {
		row := f.Instance
		key := map[sinso.Level]string{sinso.LevelStudy: string(row.Study), sinso.LevelSeries: string(row.Series), sinso.LevelInstance: string(row.ID)}[q.Level]
		if q.Person != "" && q.Person != row.Person || seen[key] || !matches(f, q.Match) {
			continue
		}
		seen[key] = true
		found = append(found, f)
	}
	m.mu.Unlock()
	found = found[min(q.Offset, len(found)):]
	if q.Limit > 0 {
		found = found[:min(q.Limit, len(found))]
	}
	for _, f := range found {
		if err := fn(f); err != nil {
			return err
		}
	}
	return nil
}

func (m *memoryArchive) sorted() []sinso.InstanceRow {
	return slices.SortedFunc(slices.Values(m.instances), func(a, b sinso.InstanceRow) int {
		return cmp.Or(strings.Compare(string(a.Study), string(b.Study)), strings.Compare(string(a.Series), string(b.Series)), cmp.Compare(a.Number, b.Number), strings.Compare(a.UID, b.UID), cmp.Compare(a.Seq, b.Seq))
	})
}

func (m *memoryArchive) found(row sinso.InstanceRow, metadata bool) sinso.Found {
	f := sinso.Found{Study: m.studies[row.Study], Series: m.series[row.Series], Instance: row}
	modalities, classes := map[string]bool{}, map[string]bool{}
	for _, s := range m.series {
		if s.Study == row.Study {
			f.StudySeries++
			modalities[s.Modality] = true
		}
	}
	for _, i := range m.instances {
		if i.Study == row.Study {
			classes[i.SOPClass] = true
		}
	}
	f.Modalities, f.SOPClasses = slices.Sorted(maps.Keys(modalities)), slices.Sorted(maps.Keys(classes))
	if metadata {
		f.Metadata = m.metadata[row.ID]
	}
	return f
}

// matches knows UIDs, patient's ID and name (with wild cards), date and modality.
func matches(f sinso.Found, conditions []sinso.Condition) bool {
	for _, c := range conditions {
		var value string
		switch dicom.Tag(c.Tag) {
		case 0x0020000D:
			value = f.Study.UID
		case 0x0020000E:
			value = f.Series.UID
		case 0x00080018:
			value = f.Instance.UID
		case 0x00100020:
			value = f.Study.PatientID
		case 0x00100010:
			value = f.Study.PatientName
		case 0x00080020:
			value = f.Study.Date
		case 0x00080060:
			value = f.Series.Modality
		default:
			continue // not kept: matches everything
		}
		if !slices.ContainsFunc(c.Values, func(pattern string) bool {
			if from, to, ok := strings.Cut(pattern, "-"); ok && dicom.Tag(c.Tag) == 0x00080020 {
				return value >= from && (to == "" || value <= to)
			}
			ok, err := path.Match(pattern, value)
			return ok && err == nil
		}) {
			return false
		}
	}
	return true
}

func (m *memoryArchive) Metadata(_ context.Context, series sinso.SeriesID, fn func(sinso.InstanceRow, []byte) error) error {
	m.mu.Lock()
	var rows []sinso.InstanceRow
	for _, f := range m.index {
		rows = append(rows, f.Instance)
	}
	if rows == nil {
		rows = m.sorted()
	}
	m.mu.Unlock()
	for _, row := range rows {
		if row.Series == series {
			if err := fn(row, m.metadata[row.ID]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *memoryArchive) Read(_ context.Context, row sinso.InstanceRow) ([]byte, error) {
	m.wholes.Add(1)
	return m.object(row)
}

func (m *memoryArchive) object(row sinso.InstanceRow) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	plain, ok := m.plain[row.ID]
	if !ok {
		return nil, fmt.Errorf("memory: %s: %w", row.ID, sinso.ErrCorrupt)
	}
	return bytes.Clone(plain), nil
}

// ReadAt implements [dicomweb.Archive]: it notes what is read.
func (m *memoryArchive) ReadAt(_ context.Context, row sinso.InstanceRow) (io.ReaderAt, error) {
	plain, err := m.object(row)
	return &noting{bytes.NewReader(plain), &m.read}, err
}

// noting is a reader that counts what is read of it.
type noting struct {
	io.ReaderAt
	bytes *atomic.Int64
}

func (n *noting) ReadAt(p []byte, offset int64) (int, error) {
	n.bytes.Add(int64(len(p)))
	return n.ReaderAt.ReadAt(p, offset)
}

func (m *memoryArchive) Opened(_ context.Context, actor string, person sinso.PersonID, what, purpose string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	role, _, _ := strings.Cut(actor, ":")
	m.opened = append(m.opened, strings.Join([]string{role, string(person), what[:2], purpose}, " "))
	return nil
}

// openings returns what was written down since the last call.
func (m *memoryArchive) openings() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer func() { m.opened = nil }()
	return m.opened
}

func (m *memoryArchive) Reject(_ context.Context, _ string, person sinso.PersonID, what string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.instances)
	m.instances = slices.DeleteFunc(m.instances, func(row sinso.InstanceRow) bool {
		return row.Person == person && slices.Contains([]string{string(row.Study), string(row.Series), string(row.ID)}, what)
	})
	if n == len(m.instances) {
		return fmt.Errorf("memory: %s: %w", what, sinso.ErrNotFound)
	}
	m.change(person, dicomweb.Change{Action: dicomweb.ActionDelete, StudyUID: "2.25.1"})
	return nil
}

func (m *memoryArchive) Changes(_ context.Context, person sinso.PersonID, after uint64, limit int, fn func(dicomweb.Change) error) error {
	m.mu.Lock()
	all, owners := slices.Clone(m.changes), slices.Clone(m.owners)
	m.mu.Unlock()
	for i, at := range all {
		if at.Seq <= after || person != "" && owners[i] != person {
			continue
		}
		if limit--; limit < 0 {
			return nil
		}
		if err := fn(at); err != nil {
			return err
		}
	}
	return nil
}
