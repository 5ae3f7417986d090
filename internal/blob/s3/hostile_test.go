package s3_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/s3"
)

// simulated is a server that says that there is a bucket, and answers all else as a test
// wants it.
func simulated(t *testing.T, timeout time.Duration, answer http.HandlerFunc) *s3.Blobs {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead && strings.Trim(r.URL.Path, "/") == bucket {
			return
		}
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT") // as every object has it
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	b, err := s3.Open(t.Context(), s3.Config{
		URL: "s3:" + server.URL + "/" + bucket, AccessKeyID: keyID, SecretAccessKey: secret, Timeout: timeout,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// failed writes an error as S3 does.
func failed(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>very private\nwords</Message></Error>", code)
}

// endless sends bytes until nobody takes them.
func endless(w http.ResponseWriter, first, again string) {
	_, err := w.Write([]byte(first))
	for part := []byte(strings.Repeat(again, 1000)); err == nil; {
		_, err = w.Write(part)
	}
}

// stall answers nothing until the caller gives up.
func stall(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // else the server does not see that the caller has gone
	<-r.Context().Done()
}

// patience is how long a call may take: short where the server never answers, else long
// enough for a slow machine.
func patience(name string) time.Duration {
	for _, waits := range []string{"nothing", "stalls", "always more"} {
		if strings.Contains(name, waits) {
			return 2 * time.Second
		}
	}
	return time.Minute
}

// TestGetFromAHostileServer: whatever the server sends, Get ends, with the class that
// tells what is wrong.
func TestGetFromAHostileServer(t *testing.T) {
	t.Parallel()
	want := block("what was stored")
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		class  error
	}{
		"other bytes": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("what was stoled")) }, sinso.ErrCorrupt},
		"no bytes":    {func(http.ResponseWriter, *http.Request) {}, sinso.ErrCorrupt},
		"too many":    {func(w http.ResponseWriter, _ *http.Request) { endless(w, string(want.Data), "more") }, sinso.ErrCorrupt},
		"too many, announced": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000000000000")
			endless(w, string(want.Data), "more")
		}, sinso.ErrCorrupt},
		"cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(want.Data)))
			_, _ = w.Write(want.Data[:5])
		}, sinso.ErrUnavailable},
		"nothing": {stall, sinso.ErrUnavailable},
		"stalls in the middle": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(want.Data[:5])
			_ = http.NewResponseController(w).Flush()
			stall(w, r)
		}, sinso.ErrUnavailable},
		"redirect":      {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, sinso.ErrUnavailable},
		"denied":        {func(w http.ResponseWriter, _ *http.Request) { failed(w, http.StatusForbidden, "AccessDenied") }, sinso.ErrDenied},
		"not found":     {func(w http.ResponseWriter, _ *http.Request) { failed(w, http.StatusNotFound, "NoSuchKey") }, sinso.ErrNotFound},
		"no bucket now": {func(w http.ResponseWriter, _ *http.Request) { failed(w, http.StatusNotFound, "NoSuchBucket") }, sinso.ErrUnavailable},
		"an error without end": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			endless(w, "<Error><Code>", "A")
		}, sinso.ErrCorrupt},
		"an odd code": {func(w http.ResponseWriter, _ *http.Request) { failed(w, http.StatusConflict, "very private\n") }, sinso.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := simulated(t, patience(name), tt.answer)
			got, err := b.Get(t.Context(), want.CID)
			if !errors.Is(err, tt.class) {
				t.Errorf("got %d bytes, %v, want %v", len(got), err, tt.class)
			}
			if err != nil && strings.Contains(err.Error(), "private") {
				t.Errorf("the error repeats the server's words: %v", err)
			}
		})
	}
}

// TestAServerThatFailsOnceIsAskedAgain, and one that always does not for ever.
func TestAServerThatFailsOnceIsAskedAgain(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	want := block("what was stored")
	for name, fails := range map[string]int64{"once": 1, "always": 1000} {
		t.Run(name, func(t *testing.T) {
			asked.Store(0)
			b := simulated(t, time.Minute, func(w http.ResponseWriter, _ *http.Request) {
				if asked.Add(1) <= fails {
					failed(w, http.StatusInternalServerError, "InternalError")
					return
				}
				_, _ = w.Write(want.Data)
			})
			got, err := b.Get(t.Context(), want.CID)
			if fails == 1 && (err != nil || string(got) != string(want.Data) || asked.Load() != 2) {
				t.Errorf("got %q, %v, asked %d times", got, err, asked.Load())
			}
			if fails > 1 && (!errors.Is(err, sinso.ErrUnavailable) || asked.Load() != 3) {
				t.Errorf("got %v, asked %d times, want ErrUnavailable, 3", err, asked.Load())
			}
		})
	}
}

// TestPutThatFails: no block counts as stored that the server did not take, and one that
// it has is not sent.
func TestPutThatFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		class  error
	}{
		"denied":   {func(w http.ResponseWriter, _ *http.Request) { failed(w, http.StatusForbidden, "AccessDenied") }, sinso.ErrDenied},
		"full":     {func(w http.ResponseWriter, _ *http.Request) { failed(w, http.StatusConflict, "QuotaExceeded") }, sinso.ErrUnavailable},
		"nothing":  {stall, sinso.ErrUnavailable},
		"redirect": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusTemporaryRedirect) }, sinso.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := simulated(t, patience(name), func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodHead {
					w.WriteHeader(http.StatusNotFound)
					return
				}
				tt.answer(w, r)
			})
			if err := b.Put(t.Context(), block("a"), block("b")); !errors.Is(err, tt.class) {
				t.Errorf("got %v, want %v", err, tt.class)
			}
			if err := b.SetName(t.Context(), "latest", block("a").CID); !errors.Is(err, tt.class) {
				t.Errorf("set name: got %v, want %v", err, tt.class)
			}
		})
	}
	t.Run("stored already", func(t *testing.T) {
		t.Parallel()
		b := simulated(t, time.Minute, func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodHead {
				t.Errorf("asked: %s", r.Method)
			}
			w.Header().Set("Content-Length", "1")
		})
		if err := b.Put(t.Context(), block("a")); err != nil {
			t.Error(err)
		}
	})
	t.Run("too large", func(t *testing.T) {
		t.Parallel()
		b := simulated(t, time.Minute, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked: %s", r.Method) })
		if err := b.Put(t.Context(), block(strings.Repeat("a", 2<<20+1))); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("got %v, want ErrInvalid", err)
		}
	})
}

// page writes a page of a list as S3 does.
func page(w http.ResponseWriter, more string, keys ...string) {
	_, _ = fmt.Fprintf(w, `<ListBucketResult><IsTruncated>%t</IsTruncated><NextContinuationToken>%s</NextContinuationToken>`, more != "", more)
	for _, key := range keys {
		_, _ = fmt.Fprintf(w, "<Contents><Key>%s</Key><LastModified>2006-01-02T15:04:05.000Z</LastModified><Size>1</Size></Contents>", key)
	}
	_, _ = fmt.Fprint(w, "</ListBucketResult>")
}

// TestListOfAHostileServer: a list that lies about its order, or has no end, ends.
func TestListOfAHostileServer(t *testing.T) {
	t.Parallel()
	a, z := "blocks/"+string(block("a").CID), "blocks/zzzz"
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		class  error
	}{
		"out of order":     {func(w http.ResponseWriter, _ *http.Request) { page(w, "", z, a) }, sinso.ErrCorrupt},
		"twice":            {func(w http.ResponseWriter, _ *http.Request) { page(w, "", a, a) }, sinso.ErrCorrupt},
		"the same again":   {func(w http.ResponseWriter, _ *http.Request) { page(w, "more", a) }, sinso.ErrCorrupt},
		"of another place": {func(w http.ResponseWriter, _ *http.Request) { page(w, "", "names/latest") }, sinso.ErrCorrupt},
		"always more":      {func(w http.ResponseWriter, _ *http.Request) { page(w, "more") }, sinso.ErrUnavailable},
		"without end": {func(w http.ResponseWriter, _ *http.Request) {
			endless(w, "<ListBucketResult>", "<Contents></Contents>")
		}, sinso.ErrCorrupt},
		"a long word": {func(w http.ResponseWriter, _ *http.Request) { endless(w, "<ListBucketResult><Name>", "a") }, sinso.ErrCorrupt},
		"nothing":     {stall, sinso.ErrUnavailable},
		"denied":      {func(w http.ResponseWriter, _ *http.Request) { failed(w, http.StatusForbidden, "AccessDenied") }, sinso.ErrDenied},
		"no XML":      {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("private")) }, sinso.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := simulated(t, patience(name), tt.answer)
			if err := b.List(t.Context(), func(sinso.CID) error { return nil }); !errors.Is(err, tt.class) {
				t.Errorf("got %v, want %v", err, tt.class)
			}
		})
	}
}

// TestListPassesOver what is among the blocks and is none.
func TestListPassesOver(t *testing.T) {
	t.Parallel()
	a := string(block("a").CID)
	b := simulated(t, time.Minute, func(w http.ResponseWriter, _ *http.Request) {
		page(w, "", "blocks/", "blocks/README", "blocks/"+a, "blocks/"+a+"/x")
	})
	var got []sinso.CID
	if err := b.List(t.Context(), func(cid sinso.CID) error { got = append(got, cid); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || string(got[0]) != a {
		t.Errorf("got %v, want %s", got, a)
	}
}

// TestDeleteThatFails: what is not deleted is no success, also if it is one of many.
func TestDeleteThatFails(t *testing.T) {
	t.Parallel()
	one := func(code string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, "<DeleteResult><Deleted><Key>blocks/x</Key></Deleted><Error><Key>blocks/y</Key><Code>%s</Code><Message>private</Message></Error></DeleteResult>", code)
		}
	}
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		class  error
	}{
		"one is denied": {one("AccessDenied"), sinso.ErrDenied},
		"one failed":    {one("InternalError"), sinso.ErrUnavailable},
		"all denied":    {func(w http.ResponseWriter, _ *http.Request) { failed(w, http.StatusForbidden, "AccessDenied") }, sinso.ErrDenied},
		"nothing":       {stall, sinso.ErrUnavailable},
		"without end":   {func(w http.ResponseWriter, _ *http.Request) { endless(w, "<DeleteResult>", "<Deleted></Deleted>") }, sinso.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := simulated(t, patience(name), tt.answer)
			err := b.Delete(t.Context(), block("x").CID, block("y").CID)
			if !errors.Is(err, tt.class) || strings.Contains(err.Error(), "private") {
				t.Errorf("got %v, want %v", err, tt.class)
			}
		})
	}
}

// TestNameOfAHostileServer: what is no CID is ErrCorrupt.
func TestNameOfAHostileServer(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"nothing": "", "no CID": "private", "a line more": string(block("a").CID) + "\n", "long": strings.Repeat("b", 5000)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := simulated(t, time.Minute, func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte(text))
			})
			got, err := b.Name(t.Context(), "latest")
			if !errors.Is(err, sinso.ErrCorrupt) || strings.Contains(err.Error(), "private") {
				t.Errorf("got %s, %v, want ErrCorrupt", got, err)
			}
		})
	}
}
