package deid

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso/internal/format/dicom"
)

// victim is one person of the attack: what is known of their original, and what was
// released of it.
type victim struct {
	file, released     *dicom.File
	tree, derivative   dicom.Dataset
	size, releasedSize int
	report             []Change
}

// population makes persons with a study each, of one scanner and one protocol, and
// releases them in another order. The attacker has every original but its pixels, and
// the derivatives, and does not know whose is whose: victim i's derivative is at
// order[i] of the shuffled set.
func population(t *testing.T, n int) (victims []victim, shuffled []*victim) {
	t.Helper()
	p := salesProfile(t)
	random := rand.New(rand.NewPCG(7, 11))
	for i := range n {
		ds := chest(8)
		day := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, random.IntN(700))
		clock := time.Duration(random.IntN(86400)) * time.Second
		at := day.Add(clock)
		ds.SetString(tagPatientName, dicom.VRPN, strings.Repeat("X", 1+random.IntN(30))+fmt.Sprintf("^N%03d", i))
		ds.SetString(tagPatientID, dicom.VRLO, fmt.Sprintf("MRN%0*d", 3+random.IntN(12), i))
		ds.SetString(tagAccession, dicom.VRSH, fmt.Sprintf("A%0*d", 2+random.IntN(9), random.IntN(99)))
		ds.SetString(tagInstitution, dicom.VRLO, strings.Repeat("H", 1+random.IntN(64)))
		ds.SetString(tagStationName, dicom.VRSH, strings.Repeat("S", 1+random.IntN(16)))
		ds.SetString(tagDeviceSerial, dicom.VRLO, strings.Repeat("7", 1+random.IntN(64)))
		ds.SetString(0x00081050, dicom.VRPN, strings.Repeat("P", 1+random.IntN(64)))
		ds.SetString(tagStudyInstance, dicom.VRUI, fmt.Sprintf("1.2.826.0.1.3680043.9.%d.%d", 1000+i, random.Uint32()))
		ds.SetString(tagSeriesInstance, dicom.VRUI, fmt.Sprintf("1.2.826.0.1.3680043.9.%d.%d", 1000+i, random.Uint32()))
		ds.SetString(tagSOPInstance, dicom.VRUI, fmt.Sprintf("1.2.826.0.1.3680043.9.%d.%d", 1000+i, random.Uint32()))
		for _, tag := range []dicom.Tag{0x00080020, 0x00080021, 0x00080022, 0x00080023} {
			ds.SetString(tag, dicom.VRDA, at.Format(dateForm))
		}
		for seconds, tag := range []dicom.Tag{tagStudyTime, 0x00080031, 0x00080032, 0x00080033} {
			ds.SetString(tag, dicom.VRTM, at.Add(time.Duration(seconds)*time.Second).Format("150405")+fmt.Sprintf(".%06d", random.IntN(1e6)))
		}
		raw := part10(t, dicom.ExplicitLittleEndian, ds)
		var release Release
		for k := range release.Secret {
			release.Secret[k] = byte(random.UintN(256))
		}
		result, err := p.Clean(t.Context(), recordOf(raw), release)
		if err != nil || len(result.Clean.Withheld) > 0 {
			t.Fatalf("withheld %v, %v", result.Clean.Withheld, err)
		}
		v := victim{size: len(raw), releasedSize: len(result.Clean.Bytes), report: result.Changes}
		v.file, v.tree = read(t, raw)
		v.released, v.derivative = read(t, result.Clean.Bytes)
		victims = append(victims, v)
	}
	for i := range victims {
		shuffled = append(shuffled, &victims[i])
	}
	random.Shuffle(n, func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	return victims, shuffled
}

// TestAttackerFindsNobodyBeyondChance lets an attacker who has the originals' headers
// try to tell whose each derivative is.
func TestAttackerFindsNobodyBeyondChance(t *testing.T) {
	t.Parallel()
	const persons = 120
	victims, released := population(t, persons)
	hits := func(name string, guess func(r *victim) *victim) {
		t.Helper()
		n := 0
		for _, r := range released {
			if guess(r) == r {
				n++
			}
		}
		// With one guess in persons right by chance, more than this happens once in a
		// hundred thousand times.
		const most = 9
		t.Logf("%s: %d of %d", name, n, persons)
		if n > most {
			t.Errorf("%s finds %d of %d, and chance about one", name, n, persons)
		}
	}
	nearest := func(distance func(original, released *victim) float64) func(*victim) *victim {
		return func(r *victim) *victim {
			best, least := &victims[0], math.Inf(1)
			for i := range victims {
				if d := distance(&victims[i], r); d < least {
					best, least = &victims[i], d
				}
			}
			return best
		}
	}
	hits("by the size of the file", nearest(func(o, r *victim) float64 { return math.Abs(float64(o.size - r.releasedSize)) }))
	hits("by the order of sizes", byRank(victims, released, func(v *victim) float64 { return float64(v.size) }, func(v *victim) float64 { return float64(v.releasedSize) }))
	day := func(f *dicom.File) float64 { return float64(daysOf(f.String(0x00080020))) }
	hits("by the nearest date", nearest(func(o, r *victim) float64 { return math.Abs(day(o.file) - day(r.released)) }))
	hits("by the order of dates", byRank(victims, released, func(v *victim) float64 { return day(v.file) }, func(v *victim) float64 { return day(v.released) }))
	hits("by the day of the week", nearest(func(o, r *victim) float64 {
		return math.Abs(math.Mod(day(o.file), 7) - math.Mod(day(r.released), 7))
	}))
	clock := func(f *dicom.File, tag dicom.Tag) float64 { s, _ := clockOf(f.String(tag)); return float64(s) }
	hits("by the time of day", nearest(func(o, r *victim) float64 {
		return math.Abs(clock(o.file, 0x00080032) - clock(r.released, 0x00080032))
	}))
	hits("by the order of times of day", byRank(victims, released, func(v *victim) float64 { return clock(v.file, 0x00080032) }, func(v *victim) float64 { return clock(v.released, 0x00080032) }))
	hits("by the order of times since the study began", byRank(victims, released,
		func(v *victim) float64 { return clock(v.file, 0x00080032) - clock(v.file, tagStudyTime) },
		func(v *victim) float64 { return clock(v.released, 0x00080032) - clock(v.released, tagStudyTime) }))
	hits("by fractions of seconds", nearest(func(o, r *victim) float64 {
		return math.Abs(fraction(o.file.String(0x00080033)) - fraction(r.released.String(0x00080033)))
	}))
	hits("by the place in the set", func(r *victim) *victim { return &victims[slices.Index(released, r)] })
	hits("by the number of changes", nearest(func(o, r *victim) float64 {
		return math.Abs(float64(len(o.tree.Elements) - len(r.report)))
	}))
	hits("by lengths of values", nearest(lengthsApart))
	hits("by one offset of all times of day", byOffset(victims, released, func(v *dicom.File) int { return int(clock(v, 0x00080032)) }))
	for _, e := range victims[0].tree.Elements {
		length := func(of func(*victim) *dicom.Dataset) func(v *victim) float64 {
			return func(v *victim) float64 {
				if found := of(v).Find(e.Tag); found != nil {
					return float64(len(found.Value))
				}
				return 0
			}
		}
		is := length(func(v *victim) *dicom.Dataset { return &v.derivative })
		was := length(func(v *victim) *dicom.Dataset { return &v.tree })
		hits("by the length of "+e.Tag.String(), nearest(func(o, r *victim) float64 { return math.Abs(was(o) - is(r)) }))
	}
}

// TestAttackerRecomputesNoUID tries the functions of a UID that tools use without a key.
func TestAttackerRecomputesNoUID(t *testing.T) {
	t.Parallel()
	victims, _ := population(t, 30)
	derived := map[string]bool{}
	for i := range victims {
		for uid := range uids(&victims[i].derivative) {
			derived[uid] = true
		}
		derived[victims[i].released.String(tagPatientID)] = true
	}
	if len(derived) < 4*30 {
		t.Fatalf("only %d names to try", len(derived))
	}
	for i := range victims {
		for _, name := range []string{
			victims[i].file.String(tagSOPInstance), victims[i].file.String(tagStudyInstance), victims[i].file.String(tagSeriesInstance),
			victims[i].file.String(tagPatientID), victims[i].file.String(tagPatientName),
		} {
			for _, guess := range guesses(name) {
				if derived[guess] {
					t.Errorf("a name of a derivative is a function of its original's: %.12s…", guess)
				}
			}
		}
	}
}

// guesses are what tools make of a UID or an identifier without a secret.
func guesses(name string) []string {
	five, one, two := md5.Sum([]byte(name)), sha1.Sum([]byte(name)), sha256.Sum256([]byte(name))
	small := fnv.New64a()
	_, _ = small.Write([]byte(name))
	out := []string{name, "2.25." + strconv.FormatUint(small.Sum64(), 10)}
	for _, sum := range [][]byte{five[:], one[:], two[:]} {
		number := new(big.Int).SetBytes(sum).String()
		uuid := slices.Clone(sum[:16])
		uuid[6], uuid[8] = uuid[6]&0x0F|0x80, uuid[8]&0x3F|0x80
		out = append(out, hex.EncodeToString(sum), "2.25."+number, "2.25."+number[:min(39, len(number))],
			"2.25."+new(big.Int).SetBytes(sum[:16]).String(), "2.25."+new(big.Int).SetBytes(uuid).String(),
			pseudonymText.EncodeToString(sum[:10]))
	}
	return out
}

// byRank guesses that the n-th smallest derivative is the n-th smallest original's.
func byRank(victims []victim, released []*victim, of, is func(*victim) float64) func(*victim) *victim {
	originals := make([]*victim, len(victims))
	for i := range victims {
		originals[i] = &victims[i]
	}
	// What is alike stands in any order but the true one.
	slices.SortStableFunc(originals, func(a, b *victim) int { return compare(of(a), of(b)) })
	derivatives := slices.Clone(released)
	slices.SortStableFunc(derivatives, func(a, b *victim) int { return compare(is(a), is(b)) })
	return func(r *victim) *victim { return originals[slices.Index(derivatives, r)] }
}

// byOffset guesses that all times of day moved by what most pairs of an original and a
// derivative are apart.
func byOffset(victims []victim, released []*victim, clock func(*dicom.File) int) func(*victim) *victim {
	apart := func(o, r *victim) int { return (clock(r.released) - clock(o.file) + daySeconds) % daySeconds }
	pairs, most := map[int]int{}, 0
	for i := range victims {
		for _, r := range released {
			seconds := apart(&victims[i], r)
			if pairs[seconds]++; pairs[seconds] > pairs[most] {
				most = seconds
			}
		}
	}
	return func(r *victim) *victim {
		for i := range victims {
			if apart(&victims[i], r) == most {
				return &victims[i]
			}
		}
		return nil
	}
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}

// lengthsApart compares how long the values of one attribute are in both.
func lengthsApart(o, r *victim) float64 {
	apart := 0.0
	for i := range r.derivative.Elements {
		e := &r.derivative.Elements[i]
		if was := o.tree.Find(e.Tag); was != nil && e.Tag != tagPixelData {
			apart += math.Abs(float64(len(was.Value) - len(e.Value)))
		}
	}
	return apart
}

func daysOf(date string) int {
	day, err := time.Parse(dateForm, date)
	if err != nil {
		return 0
	}
	return int(day.Unix() / 86400)
}

func fraction(clock string) float64 {
	_, digits, _ := strings.Cut(clock, ".")
	value := 0.0
	_, _ = fmt.Sscan("0."+digits, &value)
	return value
}
