package dicomweb_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/serve/dicomweb"
)

// TestStoreAnswersAsTheStandardSays goes through PS3.18 Table 10.5.3-1: status, and
// what is told of each object.
func TestStoreAnswersAsTheStandardSays(t *testing.T) {
	t.Parallel()
	one, two := slice{uid: "2.25.101"}.bytes(t), slice{uid: "2.25.102", number: 2}.bytes(t)
	other := slice{study: "2.25.19", uid: "2.25.103"}.bytes(t)
	changed := slice{uid: "2.25.101", number: 7}.bytes(t)
	junk := []byte("this is not DICOM")
	cut := one[:len(one)-20]
	for name, tt := range map[string]struct {
		path    string
		objects [][]byte
		fail    error
		status  int
		taken   int
		failed  []string // reasons in the Failed SOP Sequence
		others  []string // reasons in the Other Failures Sequence
		warned  []string
	}{
		"two":                           {"/studies", [][]byte{one, two}, nil, 200, 2, nil, nil, nil},
		"of the study in the path":      {"/studies/2.25.11", [][]byte{one}, nil, 200, 1, nil, nil, nil},
		"one of another study":          {"/studies/2.25.11", [][]byte{one, other}, nil, 202, 1, []string{"43264"}, nil, nil},
		"all of another study":          {"/studies/2.25.99", [][]byte{one}, nil, 409, 0, []string{"43264"}, nil, nil},
		"two studies":                   {"/studies", [][]byte{one, other}, nil, 200, 2, nil, nil, nil},
		"the same twice":                {"/studies", [][]byte{one, one}, nil, 200, 2, nil, nil, nil},
		"other bytes under its UID":     {"/studies", [][]byte{one, changed}, nil, 202, 2, nil, nil, []string{"45056"}},
		"junk beside an object":         {"/studies", [][]byte{junk, one}, nil, 202, 1, nil, []string{"49152"}, nil},
		"junk":                          {"/studies", [][]byte{junk}, nil, 409, 0, nil, []string{"49152"}, nil},
		"cut off behind its header":     {"/studies", [][]byte{cut}, nil, 409, 0, []string{"49152"}, nil, nil},
		"erased":                        {"/studies", [][]byte{one}, fmt.Errorf("no: %w", sinso.ErrDenied), 409, 0, []string{"292"}, nil, nil},
		"no room":                       {"/studies", [][]byte{one}, fmt.Errorf("no: %w", sinso.ErrUnavailable), 409, 0, []string{"42752"}, nil, nil},
		"busy":                          {"/studies", [][]byte{one}, fmt.Errorf("no: %w", sinso.ErrBusy), 409, 0, []string{"42752"}, nil, nil},
		"what is in no table of errors": {"/studies", [][]byte{one}, errors.New("disk on fire at /secret"), 409, 0, []string{"272"}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t)
			g.archive.fail = tt.fail
			if len(tt.objects) == 2 && bytes.Equal(tt.objects[1], changed) { // in this order
				g.put("owner", one)
			}
			got := g.want(tt.status, "owner", "POST", tt.path, stow("BOUND", tt.objects...), "Content-Type", stowType, "Accept", "application/dicom+json")
			if media := got.Header.Get("Content-Type"); media != "application/dicom+json" {
				t.Errorf("the answer is %q", media)
			}
			d := got.object(t)
			taken := d.items(t, "00081199")
			if len(taken) != tt.taken {
				t.Errorf("%d are told as stored, want %d: %s", len(taken), tt.taken, got.body)
			}
			var warned []string
			for _, item := range taken {
				contains(t, item.text("00081190"), g.url+"/studies/2.25.1")
				if item.text("00081150") == "" || item.text("00081155") == "" {
					t.Errorf("an item has no UIDs: %v", item)
				}
				if w := item.text("00081196"); w != "" {
					warned = append(warned, w)
				}
			}
			reasons := func(tag string) (list []string) {
				for _, item := range d.items(t, tag) {
					list = append(list, item.text("00081197"))
				}
				return list
			}
			if f, o := reasons("00081198"), reasons("0008119A"); !slices.Equal(f, tt.failed) || !slices.Equal(o, tt.others) || !slices.Equal(warned, tt.warned) {
				t.Errorf("got failed %v, others %v, warned %v, want %v, %v, %v", f, o, warned, tt.failed, tt.others, tt.warned)
			}
			if bytes.Contains(got.body, []byte("secret")) || bytes.Contains(got.body, []byte("PHANTOM")) {
				t.Errorf("the answer holds what it must not: %s", got.body)
			}
		})
	}
}

// TestTheSameBytesAreStoredOnce stores one object twice, in all the ways there are.
func TestTheSameBytesAreStoredOnce(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	one := slice{}.bytes(t)
	g.put("owner", one)
	g.put("owner", one)
	g.want(200, "owner", "POST", "/studies", one, "Content-Type", "application/dicom")
	g.want(200, "owner", "POST", "/studies/2.25.11", one, "Content-Type", "application/dicom; transfer-syntax=1.2.840.10008.1.2.1")
	if n := len(g.archive.instances); n != 1 {
		t.Errorf("%d objects are stored", n)
	}
	got := g.get("/studies/2.25.11/series/2.25.12/instances/2.25.13", "Accept", "application/dicom; transfer-syntax=*")
	if !bytes.Equal(got.body, one) {
		t.Error("the object came back as other bytes")
	}
}

// TestStoreRefuses names the status of what is no store request.
func TestStoreRefuses(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *dicomweb.Config) { c.MaxUpload, c.MaxObject = 10_000, 5_000 })
	one := slice{}.bytes(t)
	big := stow("BOUND", make([]byte, 6_000))
	for name, tt := range map[string]struct {
		body    []byte
		headers []string
		status  int
	}{
		"no media type":            {one, nil, 415},
		"another media type":       {one, []string{"Content-Type", "application/zip"}, 415},
		"form data":                {one, []string{"Content-Type", "multipart/form-data; boundary=b"}, 415},
		"no boundary":              {one, []string{"Content-Type", "multipart/related"}, 400},
		"parts of XML":             {stow("BOUND", one), []string{"Content-Type", `multipart/related; type="application/dicom+xml"; boundary=BOUND`}, 415},
		"answer as XML":            {stow("BOUND", one), []string{"Content-Type", stowType, "Accept", "application/dicom+xml"}, 406},
		"no parts":                 {stow("BOUND"), []string{"Content-Type", stowType}, 400},
		"cut off":                  {stow("BOUND", one)[:300], []string{"Content-Type", stowType}, 400},
		"an object that is larger": {big, []string{"Content-Type", stowType}, 413},
		"one body that is larger":  {make([]byte, 6_000), []string{"Content-Type", "application/dicom"}, 413},
		"a body that is larger":    {make([]byte, 20_000), []string{"Content-Type", stowType}, 413},
	} {
		if got := g.do("owner", "POST", "/studies", tt.body, tt.headers...); got.StatusCode != tt.status {
			t.Errorf("%s: got %d %s, want %d", name, got.StatusCode, got.body, tt.status)
		}
	}
	g.want(400, "owner", "POST", "/studies/not-a-uid", stow("BOUND", one), "Content-Type", stowType)
}

// TestObjectsAreStoredWhileTheRequestComes sees the first object in the archive
// before the last one was sent, and never more than a few at once.
func TestObjectsAreStoredWhileTheRequestComes(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.archive.takeTime = time.Millisecond
	in, out := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+"/studies", in)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", stowType)
	r.Header.Set("Authorization", "Bearer "+g.token["operator"])
	done := make(chan error, 1)
	go func() {
		response, err := g.client.Do(r)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode != http.StatusOK {
				err = errors.New(response.Status)
			}
		}
		done <- err
	}()
	end := []byte("--BOUND--\r\n")
	send := func(n int) {
		for i := range n {
			object := stow("BOUND", slice{uid: fmt.Sprint("2.25.7", n, i)}.bytes(t))
			if _, err := out.Write(bytes.TrimSuffix(object, end)); err != nil {
				t.Error(err)
			}
		}
	}
	count := func() int {
		g.archive.mu.Lock()
		defer g.archive.mu.Unlock()
		return len(g.archive.instances)
	}
	send(3) // the second boundary completes the first, and so on: one may wait
	for deadline := time.Now().Add(10 * time.Second); count() < 2; {
		if time.Now().After(deadline) {
			t.Fatalf("%d objects are stored while the request goes on", count())
		}
		time.Sleep(time.Millisecond)
	}
	send(40)
	if _, err := out.Write(end); err != nil {
		t.Fatal(err)
	}
	_ = out.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 43 || g.archive.mostTakes > 4 || g.archive.mostTakes < 2 {
		t.Errorf("%d objects are stored, %d at once", n, g.archive.mostTakes)
	}
}

// TestWhatCameBeforeABreakStays cuts a request in its third object.
func TestWhatCameBeforeABreakStays(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	body := stow("BOUND", slice{uid: "2.25.1"}.bytes(t), slice{uid: "2.25.2"}.bytes(t), slice{uid: "2.25.3"}.bytes(t))
	g.want(400, "owner", "POST", "/studies", body[:len(body)-100], "Content-Type", stowType)
	if n := len(g.archive.instances); n != 2 {
		t.Errorf("%d objects are stored, want the 2 that came whole", n)
	}
}

// TestMetadataAndBulkDataBecomeAnObject stores what the door gave out as JSON and
// bulk data, under another UID, and finds the same pixels.
func TestMetadataAndBulkDataBecomeAnObject(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.put("owner", slice{}.bytes(t))
	at := "/studies/2.25.11/series/2.25.12/instances/2.25.13"
	meta := bytes.ReplaceAll(g.get(at+"/metadata").body, []byte(`["2.25.13"]`), []byte(`["2.25.77"]`))
	uri := g.get(at + "/metadata").list(t)[0]["7FE00010"].BulkDataURI
	pixels := g.get(uri[len(g.url):]).body
	var body bytes.Buffer
	fmt.Fprintf(&body, "--b\r\nContent-Type: application/dicom+json\r\n\r\n%s\r\n", meta)
	fmt.Fprintf(&body, "--b\r\nContent-Type: application/octet-stream\r\nContent-Location: %s\r\n\r\n%s\r\n--b--", uri, pixels)
	related := `multipart/related; type="application/dicom+json"; boundary=b`
	g.want(200, "owner", "POST", "/studies", body.Bytes(), "Content-Type", related)
	anew := g.get("/studies/2.25.11/series/2.25.12/instances/2.25.77/frames/1", "Accept", "application/octet-stream")
	if !bytes.Equal(anew.body, pixels) || len(pixels) != 128 {
		t.Errorf("the pixels changed on their way")
	}
	lost := bytes.ReplaceAll(body.Bytes(), []byte("Content-Location: h"), []byte("Content-Location: x"))
	got := g.want(409, "owner", "POST", "/studies", lost, "Content-Type", related)
	if reason := got.object(t).items(t, "0008119A")[0].text("00081197"); reason != "49152" {
		t.Errorf("bulk data that is not there: reason %s", reason)
	}
}
