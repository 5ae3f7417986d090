package serve

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
)

// uploadRoutes are those of uploads that come in parts (tus 1.0.0).
func (s *Server) uploadRoutes() []route {
	one := api + "/uploads/{upload}"
	byBatch := param{name: "batch", says: "only of this batch"}
	routes := []route{
		{"GET", api + "/uploads", "uploads", signedIn, "the caller's uploads with their state, oldest first", []param{
			byBatch,
			{name: "after", says: "only uploads after the one with this number", number: true},
			{name: "limit", says: "how many at most, 1 to 1,000; 100 if not given", number: true},
		}, answer((*call).uploadList)},
		{"GET", api + "/uploads/summary", "uploadSummary", signedIn, "how many of the caller's uploads are in which state, and what became of them", []param{byBatch}, answer((*call).uploadSummary)},
		{"GET", api + "/uploads/patients", "uploadPatients", signedIn, "whom the caller's uploads that ask name, and whose each is: those to be answered first", []param{byBatch}, answer((*call).uploadPatients)},
		{"POST", api + "/uploads/patients", "answerPatient", signedIn, "say whose the files of a patient are: a person's, another person's, or nobody's for now; an answer before is undone where that is still possible", nil, take(maxBody, (*call).answerPatient)},
		{"GET", api + "/uploads/patients/{patient}/thumbnail", "patientThumbnail", signedIn, "a picture of the first image that can be drawn of a patient, while somebody is asked whose the files are", nil, raw(http.StatusOK, "image/png", (*call).patientThumbnail)},
		{"GET", api + "/room", "room", signedIn, "how many bytes the caller keeps here, and may", nil, answer((*call).room)},
		{"GET", one, "upload", signedIn, "one upload with its state", nil, answer((*call).uploadRow)},
		{"POST", one + "/retry", "retryUpload", signedIn, "take in now what could not be taken in before, and is here whole", nil, answer((*call).retryUpload)},
		{"HEAD", one, "uploadOffset", signedIn, "how much of an upload is here (tus)", nil, raw(http.StatusOK, "", (*call).headUpload)},
		{"PATCH", one, "appendUpload", signedIn, "go on with an upload (tus); when all of it is here it is taken in", nil, chunk(http.StatusNoContent, (*call).patchUpload)},
		{"DELETE", one, "removeUpload", signedIn, "end an upload (tus): what was received of it is removed", nil, raw(http.StatusNoContent, "", (*call).deleteUpload)},
	}
	for _, at := range [...]struct{ name, path string }{{"", api + "/uploads"}, {"AtFolder", tusPath}} { // clients name it either way
		name, path := at.name, at.path
		routes = append(routes,
			route{"OPTIONS", path, "uploadOptions" + name, signedIn, "what of tus is spoken here", nil, raw(http.StatusNoContent, "", (*call).uploadOptions)},
			route{"POST", path, "createUpload" + name, signedIn, "begin an upload that can be gone on with (tus): DICOM or zip; Upload-Metadata may have filename, filetype, batch, person, research and ask", nil, chunk(http.StatusCreated, (*call).createUpload)})
	}
	return routes
}

// chunk is a route of tus that takes bytes of a file.
func chunk(status int, fn func(*call) error) handler {
	h := raw(status, "", fn)
	h.chunk = true
	return h
}

// uploader is whose uploads the caller sees: an owner's are theirs under every token.
func (c *call) uploader() string {
	if c.caller.Person != "" {
		return ownerOf(c.caller.Person)
	}
	return c.caller.ID
}

// mayUpload refuses who adds nothing to this node.
func (c *call) mayUpload() error {
	if c.cfg.Uploads == nil {
		return fmt.Errorf("serve: this node takes uploads in one request alone: %w", sinso.ErrUnsupported)
	}
	_, _, err := c.caller.Scope(auth.Import)
	return err
}

// ownUpload returns an upload of the caller's.
func (c *call) ownUpload(ctx context.Context, id string) (sinso.Upload, error) {
	if !opaque("u_", id) {
		return sinso.Upload{}, fmt.Errorf("serve: upload: %w", sinso.ErrNotFound)
	}
	u, err := c.cfg.Uploads.Upload(ctx, sinso.UploadID(id))
	if err == nil && u.Owner != c.uploader() {
		return sinso.Upload{}, fmt.Errorf("serve: upload: %w", sinso.ErrNotFound)
	}
	return u, err
}

func (c *call) uploadOptions() error {
	if err := c.mayUpload(); err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Tus-Resumable", tusVersion)
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", tusExtensions)
	h.Set("Tus-Max-Size", strconv.FormatInt(c.cfg.MaxUpload, 10))
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

func (c *call) createUpload() error {
	if err := c.mayUpload(); err != nil {
		return err
	}
	metadata, err := parseMetadata(c.r.Header.Values("Upload-Metadata"))
	if err != nil {
		return err
	}
	begins := sinso.Upload{
		Owner: c.uploader(), Actor: c.caller.ID, Batch: metadata[metaBatch], Research: c.caller.Research,
		Name: sinso.NewPHI(metadata[metaName]), Type: sinso.NewPHI(metadata[metaType]),
	}
	if asked := metadata[metaPerson]; asked != "" {
		begins.Person, err = c.personAsked(auth.Import, asked)
	} else {
		begins.Person, _, err = c.caller.Scope(auth.Import)
	}
	if err != nil {
		return err
	}
	if text := metadata[metaResearch]; text != "" {
		if begins.Research, err = strconv.ParseBool(text); err != nil {
			return invalid("research must be true or false")
		}
	}
	if text := metadata[metaAsk]; text != "" {
		if begins.Ask, err = strconv.ParseBool(text); err != nil {
			return invalid("ask must be true or false")
		}
		if begins.Ask && metadata[metaPerson] != "" {
			return invalid("who names a person is not asked: leave ask or person out")
		}
	}
	size, _ := strconv.ParseInt(c.r.Header.Get("Upload-Length"), 10, 64) // what is none is refused below
	leave, err := c.claimRoom(c.ctx(), c.caller.Person, size)
	if err != nil {
		return err
	}
	defer leave() // it is among the uploads then
	return c.tus(&tusCall{begins: begins}, c.protocol.PostFile)
}

func (c *call) headUpload() error   { return c.onUpload(c.headFile) }
func (c *call) patchUpload() error  { return c.onUpload(c.patchFile) }
func (c *call) deleteUpload() error { return c.onUpload(c.deleteFile) }

func (c *call) headFile(w http.ResponseWriter, r *http.Request)   { c.protocol.HeadFile(w, r) }
func (c *call) patchFile(w http.ResponseWriter, r *http.Request)  { c.protocol.PatchFile(w, r) }
func (c *call) deleteFile(w http.ResponseWriter, r *http.Request) { c.protocol.DelFile(w, r) }

// onUpload does something to an upload of the caller's. What is not theirs is refused
// before anything waits for it.
func (c *call) onUpload(serve func(http.ResponseWriter, *http.Request)) error {
	if err := c.mayUpload(); err != nil {
		return err
	}
	if _, err := c.ownUpload(c.ctx(), c.r.PathValue("upload")); err != nil {
		return err
	}
	return c.tus(&tusCall{}, serve)
}

// The keys of Upload-Metadata that mean something here.
const (
	metaName     = "filename"
	metaType     = "filetype"
	metaBatch    = "batch"
	metaPerson   = "person"
	metaResearch = "research"
	metaAsk      = "ask" // whose an object is, where that is not known
)

// metadataLimits are the keys that are taken, and how many bytes each may have. The last
// three are those of clients in use, and say nothing that is not said by others.
func metadataLimits() map[string]int {
	return map[string]int{
		metaName: 4096, metaType: 256, metaBatch: 64, metaPerson: 64, metaResearch: 5, metaAsk: 5,
		"name": 4096, "type": 256, "relativePath": 4096,
	}
}

// parseMetadata reads Upload-Metadata (tus 1.0.0, Creation): pairs of key and base64, with
// commas between. A key that is not known is refused: a misspelled one must not file a
// person's data under another.
func parseMetadata(headers []string) (map[string]string, error) {
	if len(headers) == 0 || (len(headers) == 1 && headers[0] == "") {
		return map[string]string{}, nil
	}
	limits, found := metadataLimits(), map[string]string{}
	for _, pair := range strings.Split(strings.Join(headers, ","), ",") {
		key, encoded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		limit, known := limits[key]
		if _, twice := found[key]; !known || twice {
			return nil, invalid("Upload-Metadata has a key twice, or one that is not among " + strings.Join(slices.Sorted(maps.Keys(limits)), ", "))
		}
		value, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || len(value) > limit {
			return nil, invalid(fmt.Sprintf("Upload-Metadata: %s must be base64 of at most %d bytes", key, limit))
		}
		found[key] = string(value)
	}
	if strings.Trim(found[metaBatch], batchLetters) != "" {
		return nil, invalid("Upload-Metadata: batch has letters, digits, - and _ alone")
	}
	return found, nil
}

const batchLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// metadataOf is what an upload was begun with, for who began it.
func metadataOf(u sinso.Upload) map[string]string {
	all := map[string]string{
		metaName: u.Name.Reveal(), metaType: u.Type.Reveal(), // to who named it
		metaBatch: u.Batch, metaPerson: string(u.Person),
	}
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	if u.Research {
		all[metaResearch] = "true"
	}
	if u.Ask { // then nobody was named
		delete(all, metaPerson)
		all[metaAsk] = "true"
	}
	return all
}

// upload is one of them as the API shows it.
type uploadView struct {
	ID       sinso.UploadID       `json:"id"`
	Number   uint64               `json:"number"` // ascending in the order of creation
	Batch    string               `json:"batch"`
	Name     string               `json:"name"` // as the caller calls the file
	Type     string               `json:"type"`
	Person   sinso.PersonID       `json:"person,omitempty"`
	Research bool                 `json:"research"`
	Size     int64                `json:"size"`   // bytes
	Offset   int64                `json:"offset"` // bytes that are here
	State    sinso.UploadState    `json:"state"`
	Again    *time.Time           `json:"again,omitempty"` // when one that failed is tried again by itself, if it is
	Created  time.Time            `json:"created"`
	Expires  time.Time            `json:"expires"`           // when it is forgotten, unless more of it comes
	Outcome  *sinso.UploadOutcome `json:"outcome,omitempty"` // of one that is done
}

func uploadViewOf(u sinso.Upload) uploadView {
	v := uploadView{
		ID: u.ID, Number: u.Number, Batch: u.Batch, Name: u.Name.Reveal(), Type: u.Type.Reveal(), // to who named it
		Person: u.Person, Research: u.Research, Size: u.Size, Offset: u.Offset, State: u.State, Created: u.Created, Expires: u.Expires.UTC(),
	}
	if u.State == sinso.UploadDone {
		v.Outcome = &u.Outcome
	}
	if !u.Again.IsZero() {
		v.Again = &u.Again
	}
	return v
}

func (c *call) uploadRow() (uploadView, error) {
	if err := c.mayUpload(); err != nil {
		return uploadView{}, err
	}
	u, err := c.ownUpload(c.ctx(), c.r.PathValue("upload"))
	return uploadViewOf(u), err
}

func (c *call) retryUpload() (uploadView, error) {
	row, err := c.uploadRow()
	if err == nil {
		err = c.cfg.Uploads.Retry(c.ctx(), row.ID)
	}
	if err != nil {
		return uploadView{}, err
	}
	return c.uploadRow()
}

// eachUpload calls fn with the caller's uploads of the batch asked for.
func (c *call) eachUpload(fn func(sinso.Upload)) error {
	if err := c.mayUpload(); err != nil {
		return err
	}
	batch := c.r.URL.Query().Get("batch")
	return c.cfg.Uploads.List(c.ctx(), c.uploader(), func(u sinso.Upload) error {
		if batch == "" || u.Batch == batch {
			fn(u)
		}
		return nil
	})
}

func (c *call) uploadList() (list[uploadView], error) {
	const usual, most = 100, 1000
	found := list[uploadView]{Items: []uploadView{}}
	limit, err := c.number("limit", usual, 1, most)
	if err != nil {
		return found, err
	}
	after, err := c.number("after", 0, 0, 1<<53)
	if err != nil {
		return found, err
	}
	err = c.eachUpload(func(u sinso.Upload) {
		if u.Number > uint64(after) && len(found.Items) < limit { //nolint:gosec // not negative
			found.Items = append(found.Items, uploadViewOf(u))
		}
	})
	return found, err
}

// uploadTotals are uploads counted.
type uploadTotals struct {
	Uploads   int                 `json:"uploads"`
	Bytes     int64               `json:"bytes"`    // of all of them, whole
	Received  int64               `json:"received"` // bytes that came
	Receiving int                 `json:"receiving"`
	Waiting   int                 `json:"waiting"`
	Taking    int                 `json:"taking"`
	Asking    int                 `json:"asking"`
	Done      int                 `json:"done"`
	Failed    int                 `json:"failed"`
	Last      uint64              `json:"last"` // number of the newest
	Outcome   sinso.UploadOutcome `json:"outcome"`
}

// maxSummed is how many studies a summary tells apart. Of more, one that several uploads
// brought is counted several times.
const maxSummed = 10_000

func (c *call) uploadSummary() (uploadTotals, error) {
	t := uploadTotals{Outcome: sinso.UploadOutcome{Reasons: map[sinso.Reason]int{}}}
	studies := map[sinso.StudyID]bool{}
	err := c.eachUpload(func(u sinso.Upload) {
		t.Uploads++
		t.Bytes += u.Size
		t.Received += u.Offset
		t.Last = u.Number
		switch u.State {
		case sinso.UploadReceiving:
			t.Receiving++
		case sinso.UploadWaiting:
			t.Waiting++
		case sinso.UploadTaking:
			t.Taking++
		case sinso.UploadAsking:
			t.Asking++
		case sinso.UploadFailed:
			t.Failed++
		case sinso.UploadDone:
			t.Done++
			t.Outcome.Add(u.Outcome)
			for _, id := range u.Outcome.Studies {
				if len(studies) < maxSummed || studies[id] {
					studies[id] = true
				} else {
					t.Outcome.MoreStudies++
				}
			}
		}
	})
	t.Outcome.Studies = slices.AppendSeq([]sinso.StudyID{}, slices.Values(slices.Sorted(maps.Keys(studies))))
	t.Outcome.Shorten()
	return t, err
}
