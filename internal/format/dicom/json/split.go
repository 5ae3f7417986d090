package json

// Split returns the members of a JSON array of objects, as STOW-RS and QIDO-RS carry
// them (PS3.18 F.2.1), as parts of it; an object by itself counts as an array of it.
// The objects are not looked into: [Decode] does. It is ErrInvalid if b is neither.
func Split(b []byte) ([][]byte, error) {
	s := scanner{b: b}
	if s.space() == '{' {
		return [][]byte{b[s.at:]}, nil
	}
	if err := s.take('['); err != nil {
		return nil, err
	}
	var objects [][]byte
	for first := true; ; first = false {
		more, err := s.more(']', first)
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		if s.space() != '{' {
			return nil, s.wrong("no object")
		}
		object, err := s.skip()
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
	if s.space(); s.at != len(b) {
		return nil, s.wrong("something follows the array")
	}
	return objects, nil
}
