package json

import (
	"bytes"
	"slices"
)

// name reads a person name: an object of its component groups, or a string.
func (d *decoder) name() error {
	if d.space() == '"' {
		text, err := d.text()
		d.append(text)
		return err
	}
	if err := d.take('{'); err != nil {
		return err
	}
	var groups [3][]byte
	for first := true; ; first = false {
		more, err := d.more('}', first)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if err := d.group(&groups); err != nil {
			return err
		}
	}
	d.append(bytes.TrimRight(bytes.Join(groups[:], []byte{'='}), "="))
	return nil
}

// group reads one component group of a name.
func (d *decoder) group(groups *[3][]byte) error {
	key, err := d.text()
	if err != nil {
		return err
	}
	if err := d.take(':'); err != nil {
		return err
	}
	at := slices.Index([]string{"Alphabetic", "Ideographic", "Phonetic"}, string(key))
	if at < 0 {
		_, err := d.skip()
		return err
	}
	if d.null() {
		return nil
	}
	groups[at], err = d.text()
	return err
}
