package dicomweb

import (
	"hash/fnv"
	"strconv"
)

// formHash is a short name of the form in which something is given out.
func formHash(form string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(form)) // never fails
	return strconv.FormatUint(h.Sum64(), 36)
}
