package jpeg2000_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom/codec/jpeg2000"
)

// TestReadsLosslessAsOpenJPEG reads reversible images that OpenJPEG wrote with all
// its options, bit by bit as it reads them.
func TestReadsLosslessAsOpenJPEG(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs opj_compress and opj_decompress")
	}
	type shape struct {
		columns, rows, samples, precision int
		signed                            bool
	}
	shapes := []shape{{97, 61, 1, 16, false}, {130, 75, 1, 12, true}, {64, 90, 3, 8, false}, {1, 1, 1, 8, false}, {300, 50, 1, 9, false}, {200, 3, 4, 8, true}, {150, 140, 3, 16, true}}
	options := []string{
		"", "-jp2", "-n 1", "-n 2", "-n 6", "-b 4,4", "-b 1024,4", "-b 4,1024", "-b 16,32", "-mct 0",
		"-p RLCP", "-p RPCL", "-p PCRL", "-p CPRL", "-M 1", "-M 2", "-M 4", "-M 8", "-M 16", "-M 32", "-M 63", "-M 5", "-M 9",
		"-SOP", "-EPH", "-SOP -EPH -p RPCL", "-t 40,33 -n 4", "-t 64,64 -p CPRL", "-t 40,40 -T 3,5 -d 7,9", "-d 13,11",
		"-c [32,32]", "-c [64,64],[32,32],[16,8] -p RPCL", "-c [64,64] -p PCRL -t 100,91 -d 1,1 -T 1,1", "-c [32,64] -p CPRL",
		"-TP R", "-TP L", "-TP R -t 90,90", "-TP C -t 64,64 -p RLCP", "-r 20,5,1", "-r 30,10,1 -p RLCP -t 60,60", "-r 30,10", "-r 8 -M 1", "-q 20,30,0",
		"-ROI c=0,U=3", "-n 3 -c [128,128] -d 100,200 -T 90,150", "-M 1 -r 20,5,1", "-M 4 -r 20,5,1 -b 32,32", "-PLT", "-TLM",
		"-POC T1=0,0,1,3,4,RLCP/T1=3,0,1,6,4,CPRL", "-r 20,10,1 -POC T1=0,0,3,3,4,RPCL/T1=3,0,3,6,4,LRCP", "-t 80,70 -c [64,64] -POC T1=0,0,1,2,4,PCRL/T1=2,0,1,6,4,LRCP",
	}
	for _, s := range shapes {
		m := picture(s.columns, s.rows, s.samples, s.precision, s.signed)
		for _, o := range options {
			if (strings.Contains(o, "-n") || strings.Contains(o, "-POC")) && s.rows < 32 {
				continue
			}
			t.Run(fmt.Sprintf("%v %s", s, o), func(t *testing.T) {
				t.Parallel()
				if s.rows < 32 && !strings.Contains(o, "-n") {
					o += " -n 1" // OpenJPEG asks for a sample at each level
				}
				data := compress(t, m, strings.Fields(o)...)
				got, err := jpeg2000.Decode(data, limit)
				if err != nil {
					t.Fatalf("%v %s: %v", s, o, err)
				}
				want := interleaved(t, got, decompress(t, data))
				if !bytes.Equal(got.Pixels, want.Pixels) {
					most, at := furthest(got, want)
					t.Errorf("%v %s: differs by %d, most at %d", s, o, most, at)
				}
				if got.Columns != m.Columns || got.Rows != m.Rows || got.Precision != m.Precision || got.Signed != m.Signed {
					t.Errorf("got %d x %d, %d bits, signed %t", got.Columns, got.Rows, got.Precision, got.Signed)
				}
				limited := strings.Contains(o, "-r") || strings.Contains(o, "-q")
				if !got.Lossless {
					t.Error("it says that it is not lossless")
				}
				if !limited && !bytes.Equal(got.Pixels, m.Pixels) {
					t.Error("it is not the original")
				}
			})
		}
	}
}

// TestReadsLossyAsOpenJPEG reads irreversible images that OpenJPEG wrote, at most 1
// from what it reads (3 for 16 bits).
func TestReadsLossyAsOpenJPEG(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs opj_compress and opj_decompress")
	}
	shapes := []struct {
		columns, rows, samples, precision int
		signed                            bool
	}{{97, 61, 1, 16, false}, {130, 75, 1, 12, true}, {64, 90, 3, 8, false}, {150, 140, 3, 12, true}, {130, 64, 4, 8, false}}
	options := []string{
		"", "-r 10", "-r 40,20,10", "-n 1", "-n 2", "-t 40,40 -T 3,5 -d 7,9", "-M 1 -r 20,5", "-M 63 -r 10", "-c [32,32] -p RPCL -r 20",
		"-p PCRL", "-p CPRL -SOP -EPH", "-mct 0", "-q 30,40", "-b 4,1024", "-ROI c=0,U=2", "-p RLCP -r 50,20,5", "-jp2",
	}
	for _, s := range shapes {
		m := picture(s.columns, s.rows, s.samples, s.precision, s.signed)
		for _, o := range options {
			t.Run(fmt.Sprintf("%v %s", s, o), func(t *testing.T) {
				t.Parallel()
				data := compress(t, m, append(strings.Fields(o), "-I")...)
				got, err := jpeg2000.Decode(data, limit)
				if err != nil {
					t.Fatal(err)
				}
				if got.Lossless {
					t.Error("it says that it is lossless")
				}
				if got.MCT != (s.samples >= 3 && o != "-mct 0") {
					t.Errorf("transform of colours: %t", got.MCT)
				}
				peer := interleaved(t, got, decompress(t, data))
				if most, at := furthest(got, peer); most > 1 && (s.precision < 16 || most > 3) {
					t.Errorf("differs by %d, at %d", most, at)
				}
				// OpenJPEG rounds the scale of high bands at the fifth digit, which
				// shows in samples of 16 bits: then ours must be no worse.
				if ours, theirs := squares(got, m), squares(peer, m); ours > theirs+theirs/100 {
					t.Errorf("squares of differences from the original: %d, OpenJPEG's %d", ours, theirs)
				}
			})
		}
	}
}

// squares returns the sum of the squares of the differences of samples.
func squares(a, b jpeg2000.Image) (sum int) {
	for i := range a.Rows * a.Columns * a.Samples {
		d := sampleOf(a, i) - sampleOf(b, i)
		sum += d * d
	}
	return sum
}

// TestRepeatsCoarserComponents reads components on coarser grids as those that
// OpenJPEG reads, repeated.
func TestRepeatsCoarserComponents(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs opj_compress and opj_decompress")
	}
	for _, o := range []string{"-s 2,2", "-s 2,1", "-s 1,2 -t 33,33 -n 3", "-s 3,2 -d 5,6 -p CPRL", "-s 4,4 -I"} {
		t.Run(o, func(t *testing.T) {
			t.Parallel()
			m := picture(50, 40, 3, 8, false)
			data := compress(t, m, append(strings.Fields(o), "-n", "3", "-mct", "0")...)
			got, err := jpeg2000.Decode(data, limit)
			if err != nil {
				t.Fatal(err)
			}
			want := decompress(t, data)
			if len(want) != len(got.Pixels) {
				t.Fatalf("got %d x %d, want %d bytes", got.Columns, got.Rows, len(want))
			}
			if most, at := furthest(got, interleaved(t, got, want)); most > 1 {
				t.Errorf("differs by %d, at %d", most, at)
			}
		})
	}
}
