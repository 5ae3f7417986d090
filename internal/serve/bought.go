package serve

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	dicomjson "sinso.dev/sinso/internal/format/dicom/json"
	"sinso.dev/sinso/internal/way"
)

// What a buyer gets of a purchase: its objects, to show and to take away. That it was
// opened is written down each time.

// boughtRecord is one object of a purchase.
type boughtRecord struct {
	Number int   `json:"number"` // among all of the purchase, from 1
	Size   int64 `json:"size"`   // bytes
	// Attributes are its DICOM JSON (PS3.18 F.2) without its pixels.
	Attributes json.RawMessage `json:"attributes"`
}

const (
	// mostBought bounds the attributes of one answer: what has more is taken away whole.
	mostBought = 128 << 20 // bytes
	// mostInline bounds one value in it: tables and overlays are smaller.
	mostInline = 1 << 20 // bytes
)

// purchaseRow returns the purchase in the path, to who may open it.
func (c *call) purchaseRow() (sinso.PurchaseRow, error) {
	if err := c.caller.May(auth.Trade, ""); err != nil {
		return sinso.PurchaseRow{}, err
	}
	hash, err := c.hash("order")
	if err != nil {
		return sinso.PurchaseRow{}, err
	}
	return c.way.Purchase(c.ctx(), hash)
}

// boughtRecords lists the derivatives of a purchase. The works of co-creators are in
// its files alone.
func (c *call) boughtRecords() (list[boughtRecord], error) {
	found := list[boughtRecord]{Items: []boughtRecord{}}
	row, err := c.purchaseRow()
	if err != nil {
		return found, err
	}
	bought, err := c.way.Bought(c.ctx(), row, c.caller.ID, way.ForBought)
	if err != nil {
		return found, err
	}
	total := 0
	for n := range bought.Len() {
		if bought.IsWork(n) {
			continue
		}
		record, err := c.boughtRecordOf(bought, n)
		if err != nil {
			return found, err
		}
		if total += len(record.Attributes); total > mostBought {
			return found, fmt.Errorf("this purchase is too large to be shown here: take its files: %w", sinso.ErrUnsupported)
		}
		found.Items = append(found.Items, record)
	}
	return found, nil
}

func (c *call) boughtRecordOf(bought *way.Bought, n int) (boughtRecord, error) {
	leave, err := c.enter(c.reads)
	if err != nil {
		return boughtRecord{}, err
	}
	defer leave()
	file, err := c.readBought(bought, n)
	if err != nil {
		return boughtRecord{}, err
	}
	attributes, err := dicomjson.Encode(file, dicomjson.Options{InlineLimit: mostInline})
	if err != nil {
		return boughtRecord{}, fmt.Errorf("serve: object %d of a purchase: %w", n+1, err)
	}
	return boughtRecord{Number: n + 1, Size: bought.Size(n), Attributes: attributes}, nil
}

func (c *call) readBought(bought *way.Bought, n int) (*dicom.File, error) {
	plain, err := bought.Open(c.ctx(), n)
	if err != nil {
		return nil, err
	}
	file, err := dicom.Read(plain)
	if err != nil {
		return nil, fmt.Errorf("serve: object %d of a purchase: %w", n+1, err)
	}
	return file, nil
}

// recordNumber is the number in the path, of a copy that a purchase is of.
func (c *call) recordNumber(row sinso.PurchaseRow) (int, error) {
	_, fields, err := c.way.Terms(row)
	if err != nil {
		return 0, err
	}
	text := c.r.PathValue("number")
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > int(fields.Instances) || strconv.Itoa(number) != text {
		return 0, fmt.Errorf("serve: number: %w", sinso.ErrNotFound)
	}
	return number, nil
}

// boughtRecord gives out one object as a page can draw it: Explicit VR Little Endian.
func (c *call) boughtRecord() error {
	row, err := c.purchaseRow()
	if err != nil {
		return err
	}
	number, err := c.recordNumber(row)
	if err != nil {
		return err
	}
	bought, err := c.way.Bought(c.ctx(), row, c.caller.ID, way.ForBought)
	if err != nil {
		return err
	}
	leave, err := c.enter(c.reads)
	if err != nil {
		return err
	}
	defer leave()
	file, err := c.readBought(bought, number-1)
	if err != nil {
		return err
	}
	plain, err := codec.Transcode(file, dicom.ExplicitLittleEndian)
	if err != nil {
		return fmt.Errorf("serve: object %d of a purchase: %w", number, err)
	}
	h := c.w.Header()
	h.Set("Content-Type", c.media)
	h.Set("Content-Length", strconv.Itoa(len(plain)))
	_, _ = c.w.Write(plain) // the caller may have gone
	return nil
}

// boughtFiles gives out all of a purchase as one ZIP file, as it came: the copies, and
// the works of co-creators beside them.
func (c *call) boughtFiles() error {
	row, err := c.purchaseRow()
	if err != nil {
		return err
	}
	bought, err := c.way.Bought(c.ctx(), row, c.caller.ID, way.ForExport)
	if err != nil {
		return err
	}
	const digits = 12
	h := c.w.Header()
	h.Set("Content-Type", c.media)
	h.Set("Content-Disposition", `attachment; filename="sinso-`+row.Order.String()[2:2+digits]+`.zip"`)
	c.w.WriteHeader(http.StatusOK)
	out := zip.NewWriter(c.w)
	for n := range bought.Len() {
		if err := c.pack(out, bought, n); err != nil {
			// Half of it was sent: only a connection that breaks off says that it is not whole.
			c.cfg.Log.ErrorContext(c.ctx(), "a purchase could not be handed out whole")
			panic(http.ErrAbortHandler)
		}
	}
	_ = out.Close() // the caller may have gone
	return nil
}

// pack adds one object. It is stored as it is: pixels are compressed already, or hardly
// can be.
func (c *call) pack(out *zip.Writer, bought *way.Bought, n int) error {
	leave, err := c.enter(c.reads)
	if err != nil {
		return err
	}
	defer leave()
	plain, err := bought.Open(c.ctx(), n)
	if err != nil {
		return err
	}
	entry, err := out.CreateHeader(&zip.FileHeader{Name: bought.Name(n), Method: zip.Store})
	if err == nil {
		_, err = entry.Write(plain)
	}
	if err != nil {
		return fmt.Errorf("serve: pack a purchase: %w", err)
	}
	return nil
}
