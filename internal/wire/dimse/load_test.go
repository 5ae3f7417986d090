package dimse_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/dimse"
)

// TestMemoryStaysBoundedUnderLoad stores from 16 associations at once: what is
// allocated is a part of what arrives.
func TestMemoryStaysBoundedUnderLoad(t *testing.T) {
	const associations, each, size = 16, 40, 525 << 10
	var bytes atomic.Int64
	address := serve(t, dimse.Config{Supports: everything, Store: func(_ context.Context, _ *dimse.Association, r *dimse.StoreRequest) dimse.Status {
		bytes.Add(int64(len(r.Data())))
		return dimse.StatusSuccess
	}})
	file := object(t, dicom.ExplicitLittleEndian, "1.2.3", size)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var all sync.WaitGroup
	for i := range associations {
		a := dial(t, address, only(ctStorage, dicom.ExplicitLittleEndian))
		o := parsed(t, file)
		o.SOPInstance = fmt.Sprintf("1.2.3.%d", i+1)
		all.Go(func() {
			for range each {
				if status, err := a.Store(t.Context(), o); err != nil || status != dimse.StatusSuccess {
					t.Error(status, err)
					return
				}
			}
		})
	}
	all.Wait()
	runtime.ReadMemStats(&after)
	if got := bytes.Load(); got < associations*each*size {
		t.Fatalf("%d bytes arrived", got)
	}
	if used := int64(after.TotalAlloc - before.TotalAlloc); used > bytes.Load()/4 {
		t.Errorf("%d bytes were allocated for %d that arrived", used, bytes.Load())
	}
	t.Logf("%d MB arrived, %d MB were allocated, %d MB are the program's", bytes.Load()>>20, (after.TotalAlloc-before.TotalAlloc)>>20, after.Sys>>20)
}
