// Code generated via abigen V2 - DO NOT EDIT.
// This file is a generated binding and any manual changes will be lost.

package bind

import (
	"bytes"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Reference imports to suppress errors if they are not otherwise used.
var (
	_ = bytes.Equal
	_ = errors.New
	_ = big.NewInt
	_ = common.Big1
	_ = types.BloomLookup
	_ = abi.ConvertType
)

// Share is an auto generated low-level Go binding around an user-defined struct.
type Share struct {
	Payee common.Address
	Bps   uint16
}

// AssetsMetaData contains all meta data concerning the Assets contract.
var AssetsMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"AlreadyEntered\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"parent\",\"type\":\"uint256\"}],\"name\":\"AlreadySucceeded\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"}],\"name\":\"BadSignature\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"BadSplit\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"receiver\",\"type\":\"address\"}],\"name\":\"ERC721InvalidReceiver\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"deadline\",\"type\":\"uint256\"}],\"name\":\"Expired\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"NoSuchToken\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotApproved\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"}],\"name\":\"NotOwner\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"}],\"name\":\"Over\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"SignatureCount\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroAddress\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"approved\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"Approval\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"bool\",\"name\":\"approved\",\"type\":\"bool\"}],\"name\":\"ApprovalForAll\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"_fromTokenId\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"_toTokenId\",\"type\":\"uint256\"}],\"name\":\"BatchMetadataUpdate\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[],\"name\":\"EIP712DomainChanged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"parent\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"bps\",\"type\":\"uint16\"}],\"indexed\":false,\"internalType\":\"structShare[]\",\"name\":\"split\",\"type\":\"tuple[]\"}],\"name\":\"Entered\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"}],\"name\":\"EnteredSingle\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"_tokenId\",\"type\":\"uint256\"}],\"name\":\"MetadataUpdate\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"parent\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"child\",\"type\":\"uint256\"}],\"name\":\"Succeeded\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"Transfer\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"}],\"name\":\"Witnessed\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"DOMAIN_SEPARATOR\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"approve\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"balanceOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"domainSeparator\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"parent\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"bps\",\"type\":\"uint16\"}],\"internalType\":\"structShare[]\",\"name\":\"split\",\"type\":\"tuple[]\"},{\"internalType\":\"bytes[]\",\"name\":\"signatures\",\"type\":\"bytes[]\"}],\"name\":\"enter\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"parent\",\"type\":\"bytes32\"}],\"name\":\"enterAsCreator\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"parent\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"bps\",\"type\":\"uint16\"}],\"internalType\":\"structShare[]\",\"name\":\"split\",\"type\":\"tuple[]\"},{\"internalType\":\"bytes[]\",\"name\":\"signatures\",\"type\":\"bytes[]\"},{\"internalType\":\"bytes32\",\"name\":\"saleStructHash\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"}],\"name\":\"enterByVoucher\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"entered\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"getApproved\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"}],\"name\":\"isApprovedForAll\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"parent\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"bps\",\"type\":\"uint16\"}],\"internalType\":\"structShare[]\",\"name\":\"split\",\"type\":\"tuple[]\"},{\"internalType\":\"bytes[]\",\"name\":\"signatures\",\"type\":\"bytes[]\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"name\":\"materialise\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"creator\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"parent\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"name\":\"materialiseSingle\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"name\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"nonces\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"ownerOf\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"deadline\",\"type\":\"uint256\"},{\"internalType\":\"bytes\",\"name\":\"signature\",\"type\":\"bytes\"}],\"name\":\"permit\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"royalties\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"salePrice\",\"type\":\"uint256\"}],\"name\":\"royaltyInfo\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"receiver\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"safeTransferFrom\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"bytes\",\"name\":\"data\",\"type\":\"bytes\"}],\"name\":\"safeTransferFrom\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"bool\",\"name\":\"approved\",\"type\":\"bool\"}],\"name\":\"setApprovalForAll\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"parent\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"child\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"},{\"internalType\":\"bytes\",\"name\":\"signature\",\"type\":\"bytes\"}],\"name\":\"succeed\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"successorOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes4\",\"name\":\"interfaceId\",\"type\":\"bytes4\"}],\"name\":\"supportsInterface\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"symbol\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"bps\",\"type\":\"uint16\"}],\"internalType\":\"structShare[]\",\"name\":\"split\",\"type\":\"tuple[]\"}],\"name\":\"tokenOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"tokenURI\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"transferFrom\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"}],\"name\":\"witness\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "8f2c9aef4b12e754f755959dab335b34dd",
	Bin: "0x60e0346101415760208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f016a34e79dfeec5ef052e7432716d28f46817f9e9e0c76e4f2e56ca57a0ad1d160408201527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201523060a082015260a0815260c081019181831060018060401b0384111761012d576040839052815190206080524660a052610fe08082019160c083016001600160401b0381119085111761012d5760c0916136c8853960bf1992030101905ff08015610122576001600160a01b031660c0526040516135829081610146823960805181612929015260a05181612903015260c051818181610218015261171e0152f35b6040513d5f823e3d90fd5b634e487b7160e01b5f52604160045260245ffd5b5f80fdfe6080806040526004361015610012575f80fd5b5f3560e01c90816301ffc9a71461217e575080630396b8be146120de57806306c507d214611f0657806306fdde0314611e89578063072bdb5514611df3578063081812fc14611d8b578063095ea7b314611c47578063114ee19714611bef578063141a468c14611b9b578063156a28b414611a5157806323b872dd14611a3a57806327b99ad5146117e25780632a55205a146116a15780633644e515146101c957806342842e0e1461166c5780636352211e1461161257806370a08231146115a9578063745a41bc146112ce5780638061b29f14610f6457806384b0196e14610e455780638571428c14610dfd57806395d89b4114610db057806399d25b9114610cc1578063a22cb46514610bc8578063b88d4fde14610b1c578063c87b56dd146102cd578063e985e9c51461023c578063f053dc5c146101ce578063f698da25146101c95763fe46580714610166575f80fd5b346101c55760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c5576004355f525f602052602073ffffffffffffffffffffffffffffffffffffffff60405f2054161515604051908152f35b5f80fd5b6124aa565b346101c5575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c557602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b346101c55760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c5576102736122fe565b73ffffffffffffffffffffffffffffffffffffffff610290612321565b91165f52600360205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060ff60405f2054166040519015158152f35b346101c55760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c5576004356103088161280d565b50805f52600460205260405f205460409182519061032684836124e2565b600b825260208201927f53494e534f20617373657400000000000000000000000000000000000000000084528451906103606080836124e2565b60458252602082017f4120726967687420696e20646174612074686174206973206e6f74206f6e207481527f686520636861696e2e2054686520746f6b656e20494420636f6d6d6974732074878401527f6f2069742e00000000000000000000000000000000000000000000000000000060608401528660605f5b600881106108755750610519600660aa847f30302f737667222076696577426f783d222d3332202d333220363420363422209461051e96519586927f3c73766720786d6c6e733d22687474703a2f2f7777772e77332e6f72672f323060208501528301527f66696c6c3d226e6f6e6522207374726f6b652d77696474683d2232223e00000060608301527f3c706174682066696c6c3d22233136323032612220643d224d2d33322d333268607d8301527f3634763634682d36347a222f3e00000000000000000000000000000000000000609d8301526104c48151809260208686019101612375565b81017f3c2f7376673e00000000000000000000000000000000000000000000000000008382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe68101845201826124e2565b6133d9565b90875192610592603a8560208101957f646174613a696d6167652f7376672b786d6c3b6261736536342c00000000000087526105638151809260208686019101612375565b810103017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018652856124e2565b610601602b8a5180956105d260208301987f222c22696d616765223a220000000000000000000000000000000000000000008a5251809285850190612375565b810103017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018552846124e2565b806107f2575061062088516106176020826124e2565b5f815295613313565b938851978897602089017f7b226e616d65223a220000000000000000000000000000000000000000000000905251908160298a0161065d92612375565b870190602982017f222c226465736372697074696f6e223a220000000000000000000000000000009052519182603a830161069792612375565b0160290190519182601183016106ac92612375565b016011017f222c2270726f70657274696573223a7b22636f6d6d69746d656e74223a2230788152815191826020830191602001916106e992612375565b018151918260208301916020019161070092612375565b016020017f227d7d00000000000000000000000000000000000000000000000000000000008152037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe38101825260030161075a90826124e2565b610763906133d9565b9080518092602082017f646174613a6170706c69636174696f6e2f6a736f6e3b6261736536342c000000905280519081603d840191602001916107a592612375565b810103603d017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0810183526107da90836124e2565b51809160208252602082016107ee91612396565b0390f35b6107fe61062091613313565b61086f60318b5180937f222c22737563636573736f72223a22307800000000000000000000000000000060208301526108408151809260208686019101612375565b810103017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826124e2565b95613313565b91507f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff82168203610aef578160051b60e00360e08111610aef5786901c9082600302600381048403610aef57601d03601d8111610aef576108d590613295565b916108ec61ffff610168818460101c160616613295565b9060ff8160081c166108fd81613295565b906101000361ffff8111610aef5761ffff1661091890613295565b9160ff1661092590613295565b928d519585879651908160208901916020019161094192612375565b8601602081017f3c636972636c6520723d22000000000000000000000000000000000000000000905281519182602b8301916020019161098092612375565b01602001600b81017f2220706174684c656e6774683d2232353622207374726f6b653d2268736c2800905281519182602a830191602001916109c192612375565b01600b01601f81017f2c3730252c3630252922207374726f6b652d6461736861727261793d22000000905281519182603c83019160200191610a0292612375565b01601f01601d81017f2000000000000000000000000000000000000000000000000000000000000000905281519182601e83019160200191610a4392612375565b01601d01600181017f22207374726f6b652d646173686f66667365743d220000000000000000000000905281519182601683019160200191610a8492612375565b01600101601581017f222f3e00000000000000000000000000000000000000000000000000000000009052036015017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe381018252600301610ae590826124e2565b88916001016103db565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b346101c55760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c557610b536122fe565b610b5b612321565b60443560643567ffffffffffffffff81116101c557610b7e90369060040161247c565b929093610b8c838383612616565b610b9584612523565b93610ba360405195866124e2565b80855236818701116101c5576020815f92610bc698838901378601015233612f81565b005b346101c55760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c557610bff6122fe565b602435908115158092036101c55773ffffffffffffffffffffffffffffffffffffffff16908115610c9957335f52600360205260405f20825f5260205260405f207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0081541660ff83161790556040519081527f17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c3160203392a3005b7fd92e233d000000000000000000000000000000000000000000000000000000005f5260045ffd5b346101c55760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c55760243567ffffffffffffffff81116101c557610d109036906004016123d9565b610d1a8183613131565b8015610d835781610d39610d7b92610d3360209561256d565b92613275565b9060043591608092604051927f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff0384526020840152604083015260608201522090565b604051908152f35b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b346101c5575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c5576107ee610de96128c5565b604051918291602083526020830190612396565b346101c55760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c5576004355f526004602052602060405f2054604051908152f35b346101c5575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c557610f086020604051610e8582826124e2565b5f81525f368137610e946128c5565b91610f16604051610ea66040826124e2565b600181527f3100000000000000000000000000000000000000000000000000000000000000838201526040519586957f0f00000000000000000000000000000000000000000000000000000000000000875260e08588015260e0870190612396565b908582036040870152612396565b4660608501523060808501525f60a085015283810360c08501528180845192838152019301915f5b828110610f4d57505050500390f35b835185528695509381019392810192600101610f3e565b346101c55760c07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c55760043560243560443567ffffffffffffffff81116101c557610fb99036906004016123d9565b919060643567ffffffffffffffff81116101c557610fdb903690600401612344565b94909360a4359273ffffffffffffffffffffffffffffffffffffffff84168094036101c5578315610c995761101282828786612b20565b97909661101e89612ba6565b8483036112a65760015b8581106112205750508315610d83576110996110438461256d565b9960405160208101917f42ce971470938d4941a03a92cd4136611e63cb1ed9ebf82be4075d4f1591c8ae8352604082015233606082015260843560808201526080815261109160a0826124e2565b519020612ba6565b9115610d83578035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1813603018212156101c5570180359067ffffffffffffffff82116101c55760200181360381136101c5576110f7928a612d7d565b156111de57916111d38694927f7af75e6f4f2eb3d1ed3aceec74de714b6fd95dfc68141421e120781a223dec009473ffffffffffffffffffffffffffffffffffffffff60209a6111468a612c4f565b6111677401000000000000000000000000000000000000000088178a613234565b865f5260018c5260405f206001815401905516938760405196868289985f7fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef8180a47fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef5f80a48461258e565b0390a3604051908152f35b73ffffffffffffffffffffffffffffffffffffffff877f9a7d38d9000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b61124a82611237611232848a8a61255d565b61256d565b611242848888612865565b929091612d7d565b1561125757600101611028565b61127a61123273ffffffffffffffffffffffffffffffffffffffff92888861255d565b7f9a7d38d9000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b7f92a7d4f9000000000000000000000000000000000000000000000000000000005f5260045ffd5b346101c55760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c5576113056122fe565b602435906044359060643567ffffffffffffffff81116101c55761132d90369060040161247c565b845f939293525f60205260405f2092604051936040850185811067ffffffffffffffff82111761157c57604052549273ffffffffffffffffffffffffffffffffffffffff8416808652602086019460a01c85521561155057854211611524579061143592916bffffffffffffffffffffffff855116966040519073ffffffffffffffffffffffffffffffffffffffff60208301937f49ecf333e5b8c95c40fdafc95c1ad136e8914a8fb55e9dc8bb01eaa83a2df9ad855216988960408401528a6060840152608083015260a082015260a0815261140b60c0826124e2565b51902061142f73ffffffffffffffffffffffffffffffffffffffff87511691612ba6565b90612d7d565b156114e15780516bffffffffffffffffffffffff9081166001011681525f848152602081815260408083208551945160a01b7fffffffffffffffffffffffff000000000000000000000000000000000000000090811673ffffffffffffffffffffffffffffffffffffffff9687161790915560029092528220805490911685179055915116907f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b9259080a4005b73ffffffffffffffffffffffffffffffffffffffff8251167f9a7d38d9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b857ff80dbaea000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b867f1ff907f8000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b346101c55760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c55773ffffffffffffffffffffffffffffffffffffffff6115f56122fe565b168015610c99575f526001602052602060405f2054604051908152f35b346101c55760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c557602061164e60043561280d565b73ffffffffffffffffffffffffffffffffffffffff60405191168152f35b346101c557610bc661167d3661240a565b90611689828285612616565b604051926116986020856124e2565b5f845233612f81565b346101c55760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c5576024356040517ff31d8c31000000000000000000000000000000000000000000000000000000008152600435600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa9081156117d7575f91611785575b5060409173ffffffffffffffffffffffffffffffffffffffff8351921682526103e861271080828185060204920402016020820152f35b90506020813d6020116117cf575b816117a0602093836124e2565b810103126101c557519073ffffffffffffffffffffffffffffffffffffffff821682036101c55790604061174e565b3d9150611793565b6040513d5f823e3d90fd5b346101c55760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c5576004356024356044359167ffffffffffffffff83168093036101c55760643567ffffffffffffffff81116101c55761184d90369060040161247c565b6118568361280d565b91845f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f205416158015611a31575b611a0557835f52600460205260405f20546119d95773ffffffffffffffffffffffffffffffffffffffff831692833303611916575b7ff8e1a15aba9398e019f0b49df1a4fde98ee17ae345cb5f6b5e2c27f5033e8ce760208787805f52600483528160405f205560405191817f12af11401ea608ef2bbd8912346dc2b344d8d49c3f4a6b9f65b15d3577b40f775f80a38152a1005b8642116119ad5761142f6119729495969760405160208101917f4a1eb9c98c4d95688b07ae6e81ad9a40a51347a44165c7a7ebab1ec323331ba683528960408301528a606083015260808201526080815261109160a0826124e2565b15611982579081808085946118b6565b7f9a7d38d9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b867fc88569d6000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b837f1e36f7a1000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b847f1ff907f8000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b50838514611881565b346101c557610bc6611a4b3661240a565b91612616565b346101c55760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c55760043560243560443567ffffffffffffffff81116101c557611aa69036906004016123d9565b91909260643567ffffffffffffffff81116101c557611ac9903690600401612344565b6084949194359067ffffffffffffffff82116101c557611b0b95611af4611b44933690600401612344565b611b02868b899b949b612ce3565b5098888a612ad6565b7fff44cdf6fe2608c296bfcc0e3f316d8433af53f70b4c06248b686111a00427a45f526020528388611b3f60405f20612ba6565b612be7565b611b4d83612c4f565b8015610d83578484926111d37f7af75e6f4f2eb3d1ed3aceec74de714b6fd95dfc68141421e120781a223dec0093611b8f611b8960209a61256d565b87612c88565b6040519384938461258e565b346101c55760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c557600435611bd68161280d565b505f525f602052602060405f205460a01c604051908152f35b346101c55760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c5576004357f2f0cff726c8cc5cab82cdfd7a8fd6fdfd368b07a78e3eec3c51e773e7930cfc05f80a2005b346101c55760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c557611c7e6122fe565b6024359073ffffffffffffffffffffffffffffffffffffffff611ca08361280d565b16908133141580611d54575b611d245773ffffffffffffffffffffffffffffffffffffffff90835f52600260205260405f208282167fffffffffffffffffffffffff000000000000000000000000000000000000000082541617905516907f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b9255f80a4005b827fc54fa5a5000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b50815f52600360205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260ff60405f20541615611cac565b346101c55760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c557600435611dc68161280d565b505f526002602052602073ffffffffffffffffffffffffffffffffffffffff60405f205416604051908152f35b346101c55760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c55760043560243560443567ffffffffffffffff81116101c557611e489036906004016123d9565b9190926064359267ffffffffffffffff84116101c557611b44611e72611b3f953690600401612344565b908388611e8182828a8a612b20565b999099612ba6565b346101c5575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c5576107ee604051611ec86040826124e2565b600c81527f53494e534f2061737365747300000000000000000000000000000000000000006020820152604051918291602083526020830190612396565b346101c55760c07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c557611f3d6122fe565b60a43560243560443560843567ffffffffffffffff84116101c5577f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff611f8a611ff2953690600401612344565b611fea88879893989190916040519260205f5260016020528060405261271060605260805f206060527f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff035f5260205260405260805f20916040525f606052565b968588612ad6565b91611ffb612900565b604051937fff44cdf6fe2608c296bfcc0e3f316d8433af53f70b4c06248b686111a00427a45f5260205260405f20907f19010000000000000000000000000000000000000000000000000000000000005f5260025260225260425f205f528060ff1c601b016020526064356040521660605260205f60808160015afa5060203d14855f511416906040525f6060521561209c5792610d7b91602094846129e3565b73ffffffffffffffffffffffffffffffffffffffff847f9a7d38d9000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b346101c55760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c5576020600435610d7b61217233839190916040519260205f5260016020528060405261271060605260805f206060527f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff035f5260205260405260805f20916040525f606052565b913390602435846129e3565b346101c55760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c557600435907fffffffff0000000000000000000000000000000000000000000000000000000082168092036101c557817f01ffc9a700000000000000000000000000000000000000000000000000000000602093149081156122d4575b81156122aa575b8115612280575b8115612256575b811561222c575b5015158152f35b7f490649060000000000000000000000000000000000000000000000000000000091501483612225565b7f5604e225000000000000000000000000000000000000000000000000000000008114915061221e565b7f2a55205a0000000000000000000000000000000000000000000000000000000081149150612217565b7f5b5e139f0000000000000000000000000000000000000000000000000000000081149150612210565b7f80ac58cd0000000000000000000000000000000000000000000000000000000081149150612209565b6004359073ffffffffffffffffffffffffffffffffffffffff821682036101c557565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036101c557565b9181601f840112156101c55782359167ffffffffffffffff83116101c5576020808501948460051b0101116101c557565b5f5b8381106123865750505f910152565b8181015183820152602001612377565b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f6020936123d281518092818752878088019101612375565b0116010190565b9181601f840112156101c55782359167ffffffffffffffff83116101c5576020808501948460061b0101116101c557565b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc60609101126101c55760043573ffffffffffffffffffffffffffffffffffffffff811681036101c5579060243573ffffffffffffffffffffffffffffffffffffffff811681036101c5579060443590565b9181601f840112156101c55782359167ffffffffffffffff83116101c557602083818601950101116101c557565b346101c5575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101c5576020610d7b612900565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761157c57604052565b67ffffffffffffffff811161157c57601f017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01660200190565b9190811015610d835760061b0190565b3573ffffffffffffffffffffffffffffffffffffffff811681036101c55790565b9081526040602082018190528101839052606001915f905b8082106125b35750505090565b909192833573ffffffffffffffffffffffffffffffffffffffff811681036101c55773ffffffffffffffffffffffffffffffffffffffff16815260208401359061ffff82168092036101c5576040816001936020839401520194019201906125a6565b73ffffffffffffffffffffffffffffffffffffffff8216918215610c9957835f525f60205260405f2090815473ffffffffffffffffffffffffffffffffffffffff81169384156115505773ffffffffffffffffffffffffffffffffffffffff16938481036127dd57865f52600260205273ffffffffffffffffffffffffffffffffffffffff60405f205416908033141590816127d2575b8161279a575b5061276a5790600191612733575b845f528160205260405f207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8154019055855f528160205260405f2082815401905560a01c0160a01b1790557fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef5f80a4565b865f52600260205260405f207fffffffffffffffffffffffff000000000000000000000000000000000000000081541690556126c1565b867fc54fa5a5000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b90505f52600360205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260ff60405f205416155f6126b3565b3383141591506126ad565b84877fb9c08761000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b90815f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f20541691821561283a5750565b7f1ff907f8000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b9190811015610d835760051b810135907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1813603018212156101c557019081359167ffffffffffffffff83116101c55760200182360381136101c5579190565b604051906128d46040836124e2565b600582527f53494e534f0000000000000000000000000000000000000000000000000000006020830152565b467f00000000000000000000000000000000000000000000000000000000000000000361294b577f000000000000000000000000000000000000000000000000000000000000000090565b60405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f016a34e79dfeec5ef052e7432716d28f46817f9e9e0c76e4f2e56ca57a0ad1d160408201527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201523060a082015260a081526129dd60c0826124e2565b51902090565b9190928315612aa0576129ff906129f985612c4f565b83612c88565b604051602091612a0f83836124e2565b5f8252916040519260408401908452604082850152825180915281606085019301915f5b828110612a67575050505090807f7af75e6f4f2eb3d1ed3aceec74de714b6fd95dfc68141421e120781a223dec00920390a3565b8351805173ffffffffffffffffffffffffffffffffffffffff16865282015161ffff168583015260409094019392810192600101612a33565b82612aad92939450612c88565b5f527f1cf780c1570afd252e19b2dd721e25ec0ea9fcb950f1d5ca83e4288055d7d98d60205fa2565b9392935f5260205260405f205f5260205f2092818160051b0190612af8575050565b90925b602084359182811160051b9081521852602060405f20930192818403612afb57925050565b90939293612b2f858484612ce3565b93909515610d8357612b409061256d565b926040519273ffffffffffffffffffffffffffffffffffffffff60208501957f29f6a94b8149c601033986f90ca4ef75e0ed25f4c93756b49af692d9db85c87b87521660408501526060840152608083015260a082015260a081526129dd60c0826124e2565b604290612bb1612900565b90604051917f19010000000000000000000000000000000000000000000000000000000000008352600283015260228201522090565b9091928385036112a6575f5b848110612c0257505050505050565b612c1f83612c1461123284898961255d565b611242848a87612865565b15612c2c57600101612bf3565b61127a61123273ffffffffffffffffffffffffffffffffffffffff92878761255d565b80151580612c5f575b61283a5750565b50805f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f20541615612c58565b9073ffffffffffffffffffffffffffffffffffffffff16612ca98183613234565b805f52600160205260405f20600181540190555f7fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef8180a4565b90612cee8382613131565b612cf88382613275565b9215610d8357612d4b91612d0c849261256d565b9091608092604051927f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff0384526020840152604083015260608201522090565b91565b3d15612d78573d90612d5f82612523565b91612d6d60405193846124e2565b82523d5f602084013e565b606090565b9073ffffffffffffffffffffffffffffffffffffffff82168015612f7857604185149081612efc575b50612ef357813b15612eeb5783612e5c60845f96957fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f899860405196879460208601997f1626ba7e000000000000000000000000000000000000000000000000000000008b5260248701526040604487015281606487015286860137898582860101520116810103017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826124e2565b51915afa612e68612d4e565b81612edd575b81612e77575090565b7f1626ba7e000000000000000000000000000000000000000000000000000000009150602081519101519060208110612eaf57501490565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9060200360031b1b161490565b905060208151101590612e6e565b505050505f90565b50505050600190565b905060405182815260408501355f1a6020820152604085818301375f80527f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a060608201511115612f67575b5073ffffffffffffffffffffffffffffffffffffffff5f5116145f612da6565b5f608060209260015afa505f612f47565b50505050505f90565b93909293823b612f93575b5050505050565b61300073ffffffffffffffffffffffffffffffffffffffff928360209516968460405197889687967f150b7a020000000000000000000000000000000000000000000000000000000088521660048701521660248501526044840152608060648401526084830190612396565b03815f865af15f91816130d4575b50613055575061301c612d4e565b8051908161305057827f64a0ae92000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b602001fd5b7fffffffff000000000000000000000000000000000000000000000000000000007f150b7a02000000000000000000000000000000000000000000000000000000009116036130a957505f80808080612f8c565b7f64a0ae92000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b9091506020813d602011613129575b816130f0602093836124e2565b810103126101c557517fffffffff00000000000000000000000000000000000000000000000000000000811681036101c557905f61300e565b3d91506130e3565b8115801561322a575b613158575f905f925b80841061318057505061271091500361315857565b7fbc4f33a3000000000000000000000000000000000000000000000000000000005f5260045ffd5b909161319061123285848661255d565b602061319d86858761255d565b01359061ffff82168092036101c55773ffffffffffffffffffffffffffffffffffffffff1680158015613222575b613158575f5b8681106131f05750508101809111610aef576001909301929190613143565b8173ffffffffffffffffffffffffffffffffffffffff61321461123284898b61255d565b1614613158576001016131d1565b5081156131cb565b506040821161313a565b805f525f60205260405f2090815461324a575055565b7fe98ed758000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b6040908151928060061b9182916020865260208601528385013701902090565b9060609060015b15613309575b5f91600a84066030019081603011610aef576133006021600a937fff000000000000000000000000000000000000000000000000000000000000009360405194859260f81b1660208301526108408151809260208686019101612375565b9304929161329c565b826132a257909150565b906040516133226060826124e2565b60408082523660208301378092604090815b61333d57505050565b600f81166010811015610d83577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8301838111610aef5784511115610d83577f3031323334353637383961626364656600000000000000000000000000000000901a601f838501015360041c908015610aef577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff019081613334565b9081511561356c57815160028101809111610aef5760039004908160021b917f3fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff811603610aef57604051917f4142434445464748494a4b4c4d4e4f505152535455565758595a616263646566601f527f6768696a6b6c6d6e6f707172737475767778797a303132333435363738392b2f603f52602083018480518101602081018051915f82525b80891061353057506020959697509060039291525106806001146134de576002146134b2575b50808452830101604052565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff603d9101535f6134a6565b507ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe81603d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8194015301535f6134a6565b939760036004910198603f8a51818160121c165183538181600c1c16516001840153818160061c16516002840153165160038201530193613480565b905060405161357c6020826124e2565b5f8152905660a08060405234607257610c27818101906001600160401b03821183831017605e5760209183916103b983393381520301905ff0801560535760805260405161034290816100778239608051816102e20152f35b6040513d5f823e3d90fd5b634e487b7160e01b5f52604160045260245ffd5b5f80fdfe60806040526004361015610011575f80fd5b5f3560e01c8063690e7c091461008d5763f31d8c311461002f575f80fd5b346100895760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261008957602061006b6004356101d0565b73ffffffffffffffffffffffffffffffffffffffff60405191168152f35b5f80fd5b346100895760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261008957602060043561006b6100cd826101d0565b91823b61015f5773ffffffffffffffffffffffffffffffffffffffff816100f261024a565b6020815191015ff581851691829116036101335760207f847f8fd85298087d02af13b20edb8f1520738e104f0a85649c4b00241dbb103c91604051908152a2565b507fb28664a9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b50565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff8211176101a357604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b73ffffffffffffffffffffffffffffffffffffffff906101ee61024a565b602081519101206040519060208201927fff0000000000000000000000000000000000000000000000000000000000000084523060601b60218401526035830152605582015260558152610243607582610162565b5190201690565b6040517f3d603380600a3d3981f30000000000000000000000000000000000000000000060208201527f36600557005b0000000000000000000000000000000000000000000000000000602a8201527f363d3d373d3d3d363d730000000000000000000000000000000000000000000060308201527fffffffffffffffffffffffffffffffffffffffff0000000000000000000000007f000000000000000000000000000000000000000000000000000000000000000060601b16603a8201527f5af43d82803e903d91603157fd5bf30000000000000000000000000000000000604e820152603d815261033f605d82610162565b905660c034609957601f610c2738819003918201601f19168301916001600160401b03831184841017609d57808492602094604052833981010312609957516001600160a01b0381169081900360995760017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00556080523360a052604051610b7590816100b282396080518161061b015260a051816102480152f35b5f80fd5b634e487b7160e01b5f52604160045260245ffdfe60806040526004361015610011575f80fd5b5f3560e01c806328079e4a146106dd578063505cabcb146101125780636dce4ab0146100c05763f940e38514610045575f80fd5b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc5761009661007f610768565b61008761078b565b809161009161086e565b61090c565b60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055005b5f80fd5b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc576100966100fa610768565b61010261078b565b9061010b61086e565b339061090c565b346100bc5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc57610149610768565b6044359067ffffffffffffffff82116100bc57366023830112156100bc5781600401359067ffffffffffffffff82116100bc5760248301928260061b9060248236920101116100bc5761019a61086e565b82156105a8576080906101ac8561084d565b90604080519160208352866020840152808883850137019020604051917f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff038352602083015260243560408301526060820152206040517ff31d8c3100000000000000000000000000000000000000000000000000000000815281600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa90811561059d575f9161068e575b5073ffffffffffffffffffffffffffffffffffffffff163014801591906105d0575b506105a85773ffffffffffffffffffffffffffffffffffffffff1691826105215747915b835f52600160205260405f2054808411156104f957845f5260016020528360405f20556102eb818561081c565b906102f5836108e5565b9161030360405193846107ae565b83835261030f846108e5565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0602085019101368237819060015b86888183106104c257505050845115610495575260015b8481106104515750505f5b82518110156103f6576103738184610829565b5190875f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff6103a86103a384898b61083d565b61084d565b165f5260205260405f209182549081018091116103c9576001925501610360565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b867fb649c98f58055c520df0dcb5709eff2e931217ff2fb1e21376130d31bbb1c0af6020610424858a61081c565b604051908152a260017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055005b8061048461ffff610470602061046a6001968b8d61083d565b016108fd565b168490612710808281850602049204020190565b61048e8287610829565b5201610355565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b61ffff6104dc602061046a8660019799966104f09661083d565b168690612710808281850602049204020190565b9003920161033e565b7f01663f24000000000000000000000000000000000000000000000000000000005f5260045ffd5b6040517f70a08231000000000000000000000000000000000000000000000000000000008152306004820152602081602481875afa90811561059d575f9161056b575b50916102be565b90506020813d602011610595575b81610586602093836107ae565b810103126100bc575184610564565b3d9150610579565b6040513d5f823e3d90fd5b7ff170c67f000000000000000000000000000000000000000000000000000000005f5260045ffd5b9050604051907ffe465807000000000000000000000000000000000000000000000000000000008252600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa90811561059d575f91610653575b50158461029a565b90506020813d602011610686575b8161066e602093836107ae565b810103126100bc575180151581036100bc578461064b565b3d9150610661565b90506020813d6020116106d5575b816106a9602093836107ae565b810103126100bc575173ffffffffffffffffffffffffffffffffffffffff811681036100bc5785610278565b3d915061069c565b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc57610714610768565b73ffffffffffffffffffffffffffffffffffffffff61073161078b565b91165f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b6004359073ffffffffffffffffffffffffffffffffffffffff821682036100bc57565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036100bc57565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff8211176107ef57604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b919082039182116103c957565b80518210156104955760209160051b010190565b91908110156104955760061b0190565b3573ffffffffffffffffffffffffffffffffffffffff811681036100bc5790565b60027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0054146108bd5760027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055565b7f3ee5aeb5000000000000000000000000000000000000000000000000000000005f5260045ffd5b67ffffffffffffffff81116107ef5760051b60200190565b3561ffff811681036100bc5790565b73ffffffffffffffffffffffffffffffffffffffff1691825f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff83165f5260205260405f2054908115610b3357835f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff84165f526020525f6040812055835f52600160205260405f2061099a83825461081c565b905573ffffffffffffffffffffffffffffffffffffffff81168093857fa4195c37c2947bbe89165f03e320b6903116f0b10d8cfdb522330f7ce6f9fa24602073ffffffffffffffffffffffffffffffffffffffff604051948886521693a483610a96575f80939450809281925af13d15610a91573d67ffffffffffffffff81116107ef5760405190610a5460207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f84011601836107ae565b81525f60203d92013e5b15610a665750565b7fb6c30e5f000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b610a5e565b50604051917fa9059cbb000000000000000000000000000000000000000000000000000000005f5260045260245260205f60448180865af19060015f5114821615610b12575b60405215610ae75750565b7f5274afe7000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b906001811516610b2a57823b15153d15161690610adc565b503d5f823e3d90fd5b73ffffffffffffffffffffffffffffffffffffffff837f751b0fda000000000000000000000000000000000000000000000000000000005f521660045260245ffd",
}

// Assets is an auto generated Go binding around an Ethereum contract.
type Assets struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Assets) GetABI() abi.ABI {
	return c.abi
}

// NewAssets creates a new instance of Assets.
func NewAssets() *Assets {
	parsed, err := AssetsMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Assets{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Assets) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackDOMAINSEPARATOR is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3644e515.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (assets *Assets) PackDOMAINSEPARATOR() []byte {
	enc, err := assets.abi.Pack("DOMAIN_SEPARATOR")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDOMAINSEPARATOR is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3644e515.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (assets *Assets) TryPackDOMAINSEPARATOR() ([]byte, error) {
	return assets.abi.Pack("DOMAIN_SEPARATOR")
}

// UnpackDOMAINSEPARATOR is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3644e515.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (assets *Assets) UnpackDOMAINSEPARATOR(data []byte) ([32]byte, error) {
	out, err := assets.abi.Unpack("DOMAIN_SEPARATOR", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function approve(address to, uint256 tokenId) returns()
func (assets *Assets) PackApprove(to common.Address, tokenId *big.Int) []byte {
	enc, err := assets.abi.Pack("approve", to, tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function approve(address to, uint256 tokenId) returns()
func (assets *Assets) TryPackApprove(to common.Address, tokenId *big.Int) ([]byte, error) {
	return assets.abi.Pack("approve", to, tokenId)
}

// PackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function balanceOf(address owner) view returns(uint256)
func (assets *Assets) PackBalanceOf(owner common.Address) []byte {
	enc, err := assets.abi.Pack("balanceOf", owner)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function balanceOf(address owner) view returns(uint256)
func (assets *Assets) TryPackBalanceOf(owner common.Address) ([]byte, error) {
	return assets.abi.Pack("balanceOf", owner)
}

// UnpackBalanceOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x70a08231.
//
// Solidity: function balanceOf(address owner) view returns(uint256)
func (assets *Assets) UnpackBalanceOf(data []byte) (*big.Int, error) {
	out, err := assets.abi.Unpack("balanceOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDomainSeparator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf698da25.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function domainSeparator() view returns(bytes32)
func (assets *Assets) PackDomainSeparator() []byte {
	enc, err := assets.abi.Pack("domainSeparator")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDomainSeparator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf698da25.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function domainSeparator() view returns(bytes32)
func (assets *Assets) TryPackDomainSeparator() ([]byte, error) {
	return assets.abi.Pack("domainSeparator")
}

// UnpackDomainSeparator is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf698da25.
//
// Solidity: function domainSeparator() view returns(bytes32)
func (assets *Assets) UnpackDomainSeparator(data []byte) ([32]byte, error) {
	out, err := assets.abi.Unpack("domainSeparator", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackEnter is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x072bdb55.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function enter(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures) returns(uint256 tokenId)
func (assets *Assets) PackEnter(contentCommitment [32]byte, parent [32]byte, split []Share, signatures [][]byte) []byte {
	enc, err := assets.abi.Pack("enter", contentCommitment, parent, split, signatures)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEnter is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x072bdb55.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function enter(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures) returns(uint256 tokenId)
func (assets *Assets) TryPackEnter(contentCommitment [32]byte, parent [32]byte, split []Share, signatures [][]byte) ([]byte, error) {
	return assets.abi.Pack("enter", contentCommitment, parent, split, signatures)
}

// UnpackEnter is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x072bdb55.
//
// Solidity: function enter(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures) returns(uint256 tokenId)
func (assets *Assets) UnpackEnter(data []byte) (*big.Int, error) {
	out, err := assets.abi.Unpack("enter", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackEnterAsCreator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0396b8be.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function enterAsCreator(bytes32 contentCommitment, bytes32 parent) returns(uint256 tokenId)
func (assets *Assets) PackEnterAsCreator(contentCommitment [32]byte, parent [32]byte) []byte {
	enc, err := assets.abi.Pack("enterAsCreator", contentCommitment, parent)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEnterAsCreator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0396b8be.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function enterAsCreator(bytes32 contentCommitment, bytes32 parent) returns(uint256 tokenId)
func (assets *Assets) TryPackEnterAsCreator(contentCommitment [32]byte, parent [32]byte) ([]byte, error) {
	return assets.abi.Pack("enterAsCreator", contentCommitment, parent)
}

// UnpackEnterAsCreator is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x0396b8be.
//
// Solidity: function enterAsCreator(bytes32 contentCommitment, bytes32 parent) returns(uint256 tokenId)
func (assets *Assets) UnpackEnterAsCreator(data []byte) (*big.Int, error) {
	out, err := assets.abi.Unpack("enterAsCreator", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackEnterByVoucher is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8061b29f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function enterByVoucher(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures, bytes32 saleStructHash, address to) returns(uint256 tokenId)
func (assets *Assets) PackEnterByVoucher(contentCommitment [32]byte, parent [32]byte, split []Share, signatures [][]byte, saleStructHash [32]byte, to common.Address) []byte {
	enc, err := assets.abi.Pack("enterByVoucher", contentCommitment, parent, split, signatures, saleStructHash, to)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEnterByVoucher is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8061b29f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function enterByVoucher(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures, bytes32 saleStructHash, address to) returns(uint256 tokenId)
func (assets *Assets) TryPackEnterByVoucher(contentCommitment [32]byte, parent [32]byte, split []Share, signatures [][]byte, saleStructHash [32]byte, to common.Address) ([]byte, error) {
	return assets.abi.Pack("enterByVoucher", contentCommitment, parent, split, signatures, saleStructHash, to)
}

// UnpackEnterByVoucher is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x8061b29f.
//
// Solidity: function enterByVoucher(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures, bytes32 saleStructHash, address to) returns(uint256 tokenId)
func (assets *Assets) UnpackEnterByVoucher(data []byte) (*big.Int, error) {
	out, err := assets.abi.Unpack("enterByVoucher", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackEntered is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfe465807.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function entered(uint256 tokenId) view returns(bool)
func (assets *Assets) PackEntered(tokenId *big.Int) []byte {
	enc, err := assets.abi.Pack("entered", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEntered is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfe465807.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function entered(uint256 tokenId) view returns(bool)
func (assets *Assets) TryPackEntered(tokenId *big.Int) ([]byte, error) {
	return assets.abi.Pack("entered", tokenId)
}

// UnpackEntered is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xfe465807.
//
// Solidity: function entered(uint256 tokenId) view returns(bool)
func (assets *Assets) UnpackEntered(data []byte) (bool, error) {
	out, err := assets.abi.Unpack("entered", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackGetApproved is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x081812fc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function getApproved(uint256 tokenId) view returns(address)
func (assets *Assets) PackGetApproved(tokenId *big.Int) []byte {
	enc, err := assets.abi.Pack("getApproved", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackGetApproved is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x081812fc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function getApproved(uint256 tokenId) view returns(address)
func (assets *Assets) TryPackGetApproved(tokenId *big.Int) ([]byte, error) {
	return assets.abi.Pack("getApproved", tokenId)
}

// UnpackGetApproved is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x081812fc.
//
// Solidity: function getApproved(uint256 tokenId) view returns(address)
func (assets *Assets) UnpackGetApproved(data []byte) (common.Address, error) {
	out, err := assets.abi.Unpack("getApproved", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackIsApprovedForAll is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe985e9c5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function isApprovedForAll(address owner, address operator) view returns(bool)
func (assets *Assets) PackIsApprovedForAll(owner common.Address, operator common.Address) []byte {
	enc, err := assets.abi.Pack("isApprovedForAll", owner, operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackIsApprovedForAll is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe985e9c5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function isApprovedForAll(address owner, address operator) view returns(bool)
func (assets *Assets) TryPackIsApprovedForAll(owner common.Address, operator common.Address) ([]byte, error) {
	return assets.abi.Pack("isApprovedForAll", owner, operator)
}

// UnpackIsApprovedForAll is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe985e9c5.
//
// Solidity: function isApprovedForAll(address owner, address operator) view returns(bool)
func (assets *Assets) UnpackIsApprovedForAll(data []byte) (bool, error) {
	out, err := assets.abi.Unpack("isApprovedForAll", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackMaterialise is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x156a28b4.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function materialise(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures, bytes32[] proof) returns(uint256 tokenId)
func (assets *Assets) PackMaterialise(contentCommitment [32]byte, parent [32]byte, split []Share, signatures [][]byte, proof [][32]byte) []byte {
	enc, err := assets.abi.Pack("materialise", contentCommitment, parent, split, signatures, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMaterialise is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x156a28b4.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function materialise(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures, bytes32[] proof) returns(uint256 tokenId)
func (assets *Assets) TryPackMaterialise(contentCommitment [32]byte, parent [32]byte, split []Share, signatures [][]byte, proof [][32]byte) ([]byte, error) {
	return assets.abi.Pack("materialise", contentCommitment, parent, split, signatures, proof)
}

// UnpackMaterialise is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x156a28b4.
//
// Solidity: function materialise(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures, bytes32[] proof) returns(uint256 tokenId)
func (assets *Assets) UnpackMaterialise(data []byte) (*big.Int, error) {
	out, err := assets.abi.Unpack("materialise", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMaterialiseSingle is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06c507d2.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function materialiseSingle(address creator, bytes32 contentCommitment, bytes32 parent, bytes32 r, bytes32 vs, bytes32[] proof) returns(uint256 tokenId)
func (assets *Assets) PackMaterialiseSingle(creator common.Address, contentCommitment [32]byte, parent [32]byte, r [32]byte, vs [32]byte, proof [][32]byte) []byte {
	enc, err := assets.abi.Pack("materialiseSingle", creator, contentCommitment, parent, r, vs, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMaterialiseSingle is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06c507d2.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function materialiseSingle(address creator, bytes32 contentCommitment, bytes32 parent, bytes32 r, bytes32 vs, bytes32[] proof) returns(uint256 tokenId)
func (assets *Assets) TryPackMaterialiseSingle(creator common.Address, contentCommitment [32]byte, parent [32]byte, r [32]byte, vs [32]byte, proof [][32]byte) ([]byte, error) {
	return assets.abi.Pack("materialiseSingle", creator, contentCommitment, parent, r, vs, proof)
}

// UnpackMaterialiseSingle is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x06c507d2.
//
// Solidity: function materialiseSingle(address creator, bytes32 contentCommitment, bytes32 parent, bytes32 r, bytes32 vs, bytes32[] proof) returns(uint256 tokenId)
func (assets *Assets) UnpackMaterialiseSingle(data []byte) (*big.Int, error) {
	out, err := assets.abi.Unpack("materialiseSingle", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function name() pure returns(string)
func (assets *Assets) PackName() []byte {
	enc, err := assets.abi.Pack("name")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function name() pure returns(string)
func (assets *Assets) TryPackName() ([]byte, error) {
	return assets.abi.Pack("name")
}

// UnpackName is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x06fdde03.
//
// Solidity: function name() pure returns(string)
func (assets *Assets) UnpackName(data []byte) (string, error) {
	out, err := assets.abi.Unpack("name", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackNonces is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x141a468c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function nonces(uint256 tokenId) view returns(uint256)
func (assets *Assets) PackNonces(tokenId *big.Int) []byte {
	enc, err := assets.abi.Pack("nonces", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackNonces is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x141a468c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function nonces(uint256 tokenId) view returns(uint256)
func (assets *Assets) TryPackNonces(tokenId *big.Int) ([]byte, error) {
	return assets.abi.Pack("nonces", tokenId)
}

// UnpackNonces is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x141a468c.
//
// Solidity: function nonces(uint256 tokenId) view returns(uint256)
func (assets *Assets) UnpackNonces(data []byte) (*big.Int, error) {
	out, err := assets.abi.Unpack("nonces", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackOwnerOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6352211e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function ownerOf(uint256 tokenId) view returns(address owner)
func (assets *Assets) PackOwnerOf(tokenId *big.Int) []byte {
	enc, err := assets.abi.Pack("ownerOf", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOwnerOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6352211e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function ownerOf(uint256 tokenId) view returns(address owner)
func (assets *Assets) TryPackOwnerOf(tokenId *big.Int) ([]byte, error) {
	return assets.abi.Pack("ownerOf", tokenId)
}

// UnpackOwnerOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6352211e.
//
// Solidity: function ownerOf(uint256 tokenId) view returns(address owner)
func (assets *Assets) UnpackOwnerOf(data []byte) (common.Address, error) {
	out, err := assets.abi.Unpack("ownerOf", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackPermit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x745a41bc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function permit(address spender, uint256 tokenId, uint256 deadline, bytes signature) returns()
func (assets *Assets) PackPermit(spender common.Address, tokenId *big.Int, deadline *big.Int, signature []byte) []byte {
	enc, err := assets.abi.Pack("permit", spender, tokenId, deadline, signature)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPermit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x745a41bc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function permit(address spender, uint256 tokenId, uint256 deadline, bytes signature) returns()
func (assets *Assets) TryPackPermit(spender common.Address, tokenId *big.Int, deadline *big.Int, signature []byte) ([]byte, error) {
	return assets.abi.Pack("permit", spender, tokenId, deadline, signature)
}

// PackRoyalties is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf053dc5c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function royalties() view returns(address)
func (assets *Assets) PackRoyalties() []byte {
	enc, err := assets.abi.Pack("royalties")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRoyalties is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf053dc5c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function royalties() view returns(address)
func (assets *Assets) TryPackRoyalties() ([]byte, error) {
	return assets.abi.Pack("royalties")
}

// UnpackRoyalties is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf053dc5c.
//
// Solidity: function royalties() view returns(address)
func (assets *Assets) UnpackRoyalties(data []byte) (common.Address, error) {
	out, err := assets.abi.Unpack("royalties", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackRoyaltyInfo is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2a55205a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function royaltyInfo(uint256 tokenId, uint256 salePrice) view returns(address receiver, uint256 amount)
func (assets *Assets) PackRoyaltyInfo(tokenId *big.Int, salePrice *big.Int) []byte {
	enc, err := assets.abi.Pack("royaltyInfo", tokenId, salePrice)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRoyaltyInfo is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2a55205a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function royaltyInfo(uint256 tokenId, uint256 salePrice) view returns(address receiver, uint256 amount)
func (assets *Assets) TryPackRoyaltyInfo(tokenId *big.Int, salePrice *big.Int) ([]byte, error) {
	return assets.abi.Pack("royaltyInfo", tokenId, salePrice)
}

// RoyaltyInfoOutput serves as a container for the return parameters of contract
// method RoyaltyInfo.
type RoyaltyInfoOutput struct {
	Receiver common.Address
	Amount   *big.Int
}

// UnpackRoyaltyInfo is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x2a55205a.
//
// Solidity: function royaltyInfo(uint256 tokenId, uint256 salePrice) view returns(address receiver, uint256 amount)
func (assets *Assets) UnpackRoyaltyInfo(data []byte) (RoyaltyInfoOutput, error) {
	out, err := assets.abi.Unpack("royaltyInfo", data)
	outstruct := new(RoyaltyInfoOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Receiver = *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	outstruct.Amount = abi.ConvertType(out[1], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// PackSafeTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42842e0e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function safeTransferFrom(address from, address to, uint256 tokenId) returns()
func (assets *Assets) PackSafeTransferFrom(from common.Address, to common.Address, tokenId *big.Int) []byte {
	enc, err := assets.abi.Pack("safeTransferFrom", from, to, tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSafeTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42842e0e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function safeTransferFrom(address from, address to, uint256 tokenId) returns()
func (assets *Assets) TryPackSafeTransferFrom(from common.Address, to common.Address, tokenId *big.Int) ([]byte, error) {
	return assets.abi.Pack("safeTransferFrom", from, to, tokenId)
}

// PackSafeTransferFrom0 is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb88d4fde.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function safeTransferFrom(address from, address to, uint256 tokenId, bytes data) returns()
func (assets *Assets) PackSafeTransferFrom0(from common.Address, to common.Address, tokenId *big.Int, data []byte) []byte {
	enc, err := assets.abi.Pack("safeTransferFrom0", from, to, tokenId, data)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSafeTransferFrom0 is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb88d4fde.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function safeTransferFrom(address from, address to, uint256 tokenId, bytes data) returns()
func (assets *Assets) TryPackSafeTransferFrom0(from common.Address, to common.Address, tokenId *big.Int, data []byte) ([]byte, error) {
	return assets.abi.Pack("safeTransferFrom0", from, to, tokenId, data)
}

// PackSetApprovalForAll is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa22cb465.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setApprovalForAll(address operator, bool approved) returns()
func (assets *Assets) PackSetApprovalForAll(operator common.Address, approved bool) []byte {
	enc, err := assets.abi.Pack("setApprovalForAll", operator, approved)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetApprovalForAll is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa22cb465.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setApprovalForAll(address operator, bool approved) returns()
func (assets *Assets) TryPackSetApprovalForAll(operator common.Address, approved bool) ([]byte, error) {
	return assets.abi.Pack("setApprovalForAll", operator, approved)
}

// PackSucceed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x27b99ad5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function succeed(uint256 parent, uint256 child, uint64 until, bytes signature) returns()
func (assets *Assets) PackSucceed(parent *big.Int, child *big.Int, until uint64, signature []byte) []byte {
	enc, err := assets.abi.Pack("succeed", parent, child, until, signature)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSucceed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x27b99ad5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function succeed(uint256 parent, uint256 child, uint64 until, bytes signature) returns()
func (assets *Assets) TryPackSucceed(parent *big.Int, child *big.Int, until uint64, signature []byte) ([]byte, error) {
	return assets.abi.Pack("succeed", parent, child, until, signature)
}

// PackSuccessorOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8571428c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function successorOf(uint256 tokenId) view returns(uint256)
func (assets *Assets) PackSuccessorOf(tokenId *big.Int) []byte {
	enc, err := assets.abi.Pack("successorOf", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSuccessorOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8571428c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function successorOf(uint256 tokenId) view returns(uint256)
func (assets *Assets) TryPackSuccessorOf(tokenId *big.Int) ([]byte, error) {
	return assets.abi.Pack("successorOf", tokenId)
}

// UnpackSuccessorOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x8571428c.
//
// Solidity: function successorOf(uint256 tokenId) view returns(uint256)
func (assets *Assets) UnpackSuccessorOf(data []byte) (*big.Int, error) {
	out, err := assets.abi.Unpack("successorOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackSupportsInterface is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x01ffc9a7.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function supportsInterface(bytes4 interfaceId) pure returns(bool)
func (assets *Assets) PackSupportsInterface(interfaceId [4]byte) []byte {
	enc, err := assets.abi.Pack("supportsInterface", interfaceId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSupportsInterface is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x01ffc9a7.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function supportsInterface(bytes4 interfaceId) pure returns(bool)
func (assets *Assets) TryPackSupportsInterface(interfaceId [4]byte) ([]byte, error) {
	return assets.abi.Pack("supportsInterface", interfaceId)
}

// UnpackSupportsInterface is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x01ffc9a7.
//
// Solidity: function supportsInterface(bytes4 interfaceId) pure returns(bool)
func (assets *Assets) UnpackSupportsInterface(data []byte) (bool, error) {
	out, err := assets.abi.Unpack("supportsInterface", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function symbol() pure returns(string)
func (assets *Assets) PackSymbol() []byte {
	enc, err := assets.abi.Pack("symbol")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function symbol() pure returns(string)
func (assets *Assets) TryPackSymbol() ([]byte, error) {
	return assets.abi.Pack("symbol")
}

// UnpackSymbol is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x95d89b41.
//
// Solidity: function symbol() pure returns(string)
func (assets *Assets) UnpackSymbol(data []byte) (string, error) {
	out, err := assets.abi.Unpack("symbol", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackTokenOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x99d25b91.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function tokenOf(bytes32 contentCommitment, (address,uint16)[] split) pure returns(uint256)
func (assets *Assets) PackTokenOf(contentCommitment [32]byte, split []Share) []byte {
	enc, err := assets.abi.Pack("tokenOf", contentCommitment, split)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTokenOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x99d25b91.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function tokenOf(bytes32 contentCommitment, (address,uint16)[] split) pure returns(uint256)
func (assets *Assets) TryPackTokenOf(contentCommitment [32]byte, split []Share) ([]byte, error) {
	return assets.abi.Pack("tokenOf", contentCommitment, split)
}

// UnpackTokenOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x99d25b91.
//
// Solidity: function tokenOf(bytes32 contentCommitment, (address,uint16)[] split) pure returns(uint256)
func (assets *Assets) UnpackTokenOf(data []byte) (*big.Int, error) {
	out, err := assets.abi.Unpack("tokenOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackTokenURI is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc87b56dd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function tokenURI(uint256 tokenId) view returns(string)
func (assets *Assets) PackTokenURI(tokenId *big.Int) []byte {
	enc, err := assets.abi.Pack("tokenURI", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTokenURI is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc87b56dd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function tokenURI(uint256 tokenId) view returns(string)
func (assets *Assets) TryPackTokenURI(tokenId *big.Int) ([]byte, error) {
	return assets.abi.Pack("tokenURI", tokenId)
}

// UnpackTokenURI is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc87b56dd.
//
// Solidity: function tokenURI(uint256 tokenId) view returns(string)
func (assets *Assets) UnpackTokenURI(data []byte) (string, error) {
	out, err := assets.abi.Unpack("tokenURI", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function transferFrom(address from, address to, uint256 tokenId) returns()
func (assets *Assets) PackTransferFrom(from common.Address, to common.Address, tokenId *big.Int) []byte {
	enc, err := assets.abi.Pack("transferFrom", from, to, tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transferFrom(address from, address to, uint256 tokenId) returns()
func (assets *Assets) TryPackTransferFrom(from common.Address, to common.Address, tokenId *big.Int) ([]byte, error) {
	return assets.abi.Pack("transferFrom", from, to, tokenId)
}

// PackWitness is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x114ee197.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function witness(bytes32 root) returns()
func (assets *Assets) PackWitness(root [32]byte) []byte {
	enc, err := assets.abi.Pack("witness", root)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWitness is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x114ee197.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function witness(bytes32 root) returns()
func (assets *Assets) TryPackWitness(root [32]byte) ([]byte, error) {
	return assets.abi.Pack("witness", root)
}

// AssetsApproval represents a Approval event raised by the Assets contract.
type AssetsApproval struct {
	Owner    common.Address
	Approved common.Address
	TokenId  *big.Int
	Raw      *types.Log // Blockchain specific contextual infos
}

const AssetsApprovalEventName = "Approval"

// ContractEventName returns the user-defined event name.
func (AssetsApproval) ContractEventName() string {
	return AssetsApprovalEventName
}

// UnpackApprovalEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId)
func (assets *Assets) UnpackApprovalEvent(log *types.Log) (*AssetsApproval, error) {
	event := "Approval"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != assets.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AssetsApproval)
	if len(log.Data) > 0 {
		if err := assets.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range assets.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AssetsApprovalForAll represents a ApprovalForAll event raised by the Assets contract.
type AssetsApprovalForAll struct {
	Owner    common.Address
	Operator common.Address
	Approved bool
	Raw      *types.Log // Blockchain specific contextual infos
}

const AssetsApprovalForAllEventName = "ApprovalForAll"

// ContractEventName returns the user-defined event name.
func (AssetsApprovalForAll) ContractEventName() string {
	return AssetsApprovalForAllEventName
}

// UnpackApprovalForAllEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event ApprovalForAll(address indexed owner, address indexed operator, bool approved)
func (assets *Assets) UnpackApprovalForAllEvent(log *types.Log) (*AssetsApprovalForAll, error) {
	event := "ApprovalForAll"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != assets.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AssetsApprovalForAll)
	if len(log.Data) > 0 {
		if err := assets.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range assets.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AssetsBatchMetadataUpdate represents a BatchMetadataUpdate event raised by the Assets contract.
type AssetsBatchMetadataUpdate struct {
	FromTokenId *big.Int
	ToTokenId   *big.Int
	Raw         *types.Log // Blockchain specific contextual infos
}

const AssetsBatchMetadataUpdateEventName = "BatchMetadataUpdate"

// ContractEventName returns the user-defined event name.
func (AssetsBatchMetadataUpdate) ContractEventName() string {
	return AssetsBatchMetadataUpdateEventName
}

// UnpackBatchMetadataUpdateEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event BatchMetadataUpdate(uint256 _fromTokenId, uint256 _toTokenId)
func (assets *Assets) UnpackBatchMetadataUpdateEvent(log *types.Log) (*AssetsBatchMetadataUpdate, error) {
	event := "BatchMetadataUpdate"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != assets.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AssetsBatchMetadataUpdate)
	if len(log.Data) > 0 {
		if err := assets.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range assets.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AssetsEIP712DomainChanged represents a EIP712DomainChanged event raised by the Assets contract.
type AssetsEIP712DomainChanged struct {
	Raw *types.Log // Blockchain specific contextual infos
}

const AssetsEIP712DomainChangedEventName = "EIP712DomainChanged"

// ContractEventName returns the user-defined event name.
func (AssetsEIP712DomainChanged) ContractEventName() string {
	return AssetsEIP712DomainChangedEventName
}

// UnpackEIP712DomainChangedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event EIP712DomainChanged()
func (assets *Assets) UnpackEIP712DomainChangedEvent(log *types.Log) (*AssetsEIP712DomainChanged, error) {
	event := "EIP712DomainChanged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != assets.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AssetsEIP712DomainChanged)
	if len(log.Data) > 0 {
		if err := assets.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range assets.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AssetsEntered represents a Entered event raised by the Assets contract.
type AssetsEntered struct {
	TokenId           *big.Int
	Parent            [32]byte
	ContentCommitment [32]byte
	Split             []Share
	Raw               *types.Log // Blockchain specific contextual infos
}

const AssetsEnteredEventName = "Entered"

// ContractEventName returns the user-defined event name.
func (AssetsEntered) ContractEventName() string {
	return AssetsEnteredEventName
}

// UnpackEnteredEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Entered(uint256 indexed tokenId, bytes32 indexed parent, bytes32 contentCommitment, (address,uint16)[] split)
func (assets *Assets) UnpackEnteredEvent(log *types.Log) (*AssetsEntered, error) {
	event := "Entered"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != assets.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AssetsEntered)
	if len(log.Data) > 0 {
		if err := assets.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range assets.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AssetsEnteredSingle represents a EnteredSingle event raised by the Assets contract.
type AssetsEnteredSingle struct {
	TokenId           *big.Int
	ContentCommitment [32]byte
	Raw               *types.Log // Blockchain specific contextual infos
}

const AssetsEnteredSingleEventName = "EnteredSingle"

// ContractEventName returns the user-defined event name.
func (AssetsEnteredSingle) ContractEventName() string {
	return AssetsEnteredSingleEventName
}

// UnpackEnteredSingleEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event EnteredSingle(uint256 indexed tokenId, bytes32 contentCommitment)
func (assets *Assets) UnpackEnteredSingleEvent(log *types.Log) (*AssetsEnteredSingle, error) {
	event := "EnteredSingle"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != assets.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AssetsEnteredSingle)
	if len(log.Data) > 0 {
		if err := assets.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range assets.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AssetsMetadataUpdate represents a MetadataUpdate event raised by the Assets contract.
type AssetsMetadataUpdate struct {
	TokenId *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const AssetsMetadataUpdateEventName = "MetadataUpdate"

// ContractEventName returns the user-defined event name.
func (AssetsMetadataUpdate) ContractEventName() string {
	return AssetsMetadataUpdateEventName
}

// UnpackMetadataUpdateEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event MetadataUpdate(uint256 _tokenId)
func (assets *Assets) UnpackMetadataUpdateEvent(log *types.Log) (*AssetsMetadataUpdate, error) {
	event := "MetadataUpdate"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != assets.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AssetsMetadataUpdate)
	if len(log.Data) > 0 {
		if err := assets.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range assets.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AssetsSucceeded represents a Succeeded event raised by the Assets contract.
type AssetsSucceeded struct {
	Parent *big.Int
	Child  *big.Int
	Raw    *types.Log // Blockchain specific contextual infos
}

const AssetsSucceededEventName = "Succeeded"

// ContractEventName returns the user-defined event name.
func (AssetsSucceeded) ContractEventName() string {
	return AssetsSucceededEventName
}

// UnpackSucceededEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Succeeded(uint256 indexed parent, uint256 indexed child)
func (assets *Assets) UnpackSucceededEvent(log *types.Log) (*AssetsSucceeded, error) {
	event := "Succeeded"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != assets.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AssetsSucceeded)
	if len(log.Data) > 0 {
		if err := assets.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range assets.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AssetsTransfer represents a Transfer event raised by the Assets contract.
type AssetsTransfer struct {
	From    common.Address
	To      common.Address
	TokenId *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const AssetsTransferEventName = "Transfer"

// ContractEventName returns the user-defined event name.
func (AssetsTransfer) ContractEventName() string {
	return AssetsTransferEventName
}

// UnpackTransferEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)
func (assets *Assets) UnpackTransferEvent(log *types.Log) (*AssetsTransfer, error) {
	event := "Transfer"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != assets.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AssetsTransfer)
	if len(log.Data) > 0 {
		if err := assets.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range assets.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AssetsWitnessed represents a Witnessed event raised by the Assets contract.
type AssetsWitnessed struct {
	Root [32]byte
	Raw  *types.Log // Blockchain specific contextual infos
}

const AssetsWitnessedEventName = "Witnessed"

// ContractEventName returns the user-defined event name.
func (AssetsWitnessed) ContractEventName() string {
	return AssetsWitnessedEventName
}

// UnpackWitnessedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Witnessed(bytes32 indexed root)
func (assets *Assets) UnpackWitnessedEvent(log *types.Log) (*AssetsWitnessed, error) {
	event := "Witnessed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != assets.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AssetsWitnessed)
	if len(log.Data) > 0 {
		if err := assets.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range assets.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (assets *Assets) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], assets.abi.Errors["AlreadyEntered"].ID.Bytes()[:4]) {
		return assets.UnpackAlreadyEnteredError(raw[4:])
	}
	if bytes.Equal(raw[:4], assets.abi.Errors["AlreadySucceeded"].ID.Bytes()[:4]) {
		return assets.UnpackAlreadySucceededError(raw[4:])
	}
	if bytes.Equal(raw[:4], assets.abi.Errors["BadSignature"].ID.Bytes()[:4]) {
		return assets.UnpackBadSignatureError(raw[4:])
	}
	if bytes.Equal(raw[:4], assets.abi.Errors["BadSplit"].ID.Bytes()[:4]) {
		return assets.UnpackBadSplitError(raw[4:])
	}
	if bytes.Equal(raw[:4], assets.abi.Errors["ERC721InvalidReceiver"].ID.Bytes()[:4]) {
		return assets.UnpackERC721InvalidReceiverError(raw[4:])
	}
	if bytes.Equal(raw[:4], assets.abi.Errors["Expired"].ID.Bytes()[:4]) {
		return assets.UnpackExpiredError(raw[4:])
	}
	if bytes.Equal(raw[:4], assets.abi.Errors["NoSuchToken"].ID.Bytes()[:4]) {
		return assets.UnpackNoSuchTokenError(raw[4:])
	}
	if bytes.Equal(raw[:4], assets.abi.Errors["NotApproved"].ID.Bytes()[:4]) {
		return assets.UnpackNotApprovedError(raw[4:])
	}
	if bytes.Equal(raw[:4], assets.abi.Errors["NotOwner"].ID.Bytes()[:4]) {
		return assets.UnpackNotOwnerError(raw[4:])
	}
	if bytes.Equal(raw[:4], assets.abi.Errors["Over"].ID.Bytes()[:4]) {
		return assets.UnpackOverError(raw[4:])
	}
	if bytes.Equal(raw[:4], assets.abi.Errors["SignatureCount"].ID.Bytes()[:4]) {
		return assets.UnpackSignatureCountError(raw[4:])
	}
	if bytes.Equal(raw[:4], assets.abi.Errors["ZeroAddress"].ID.Bytes()[:4]) {
		return assets.UnpackZeroAddressError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// AssetsAlreadyEntered represents a AlreadyEntered error raised by the Assets contract.
type AssetsAlreadyEntered struct {
	TokenId *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyEntered(uint256 tokenId)
func AssetsAlreadyEnteredErrorID() common.Hash {
	return common.HexToHash("0xe98ed758bb25fbc85d1036b5da0093ed9667a477eb9d1f8167f62eef2f2e685b")
}

// UnpackAlreadyEnteredError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyEntered(uint256 tokenId)
func (assets *Assets) UnpackAlreadyEnteredError(raw []byte) (*AssetsAlreadyEntered, error) {
	out := new(AssetsAlreadyEntered)
	if err := assets.abi.UnpackIntoInterface(out, "AlreadyEntered", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AssetsAlreadySucceeded represents a AlreadySucceeded error raised by the Assets contract.
type AssetsAlreadySucceeded struct {
	Parent *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadySucceeded(uint256 parent)
func AssetsAlreadySucceededErrorID() common.Hash {
	return common.HexToHash("0x1e36f7a1cbf5c9858cb9d088ccab8037d1da0b49ff7fccae25e3c504a7cec450")
}

// UnpackAlreadySucceededError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadySucceeded(uint256 parent)
func (assets *Assets) UnpackAlreadySucceededError(raw []byte) (*AssetsAlreadySucceeded, error) {
	out := new(AssetsAlreadySucceeded)
	if err := assets.abi.UnpackIntoInterface(out, "AlreadySucceeded", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AssetsBadSignature represents a BadSignature error raised by the Assets contract.
type AssetsBadSignature struct {
	Payee common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BadSignature(address payee)
func AssetsBadSignatureErrorID() common.Hash {
	return common.HexToHash("0x9a7d38d94d3da0d5188ab778bbe9a3a38c77802b1bf2426c15740dc786da791d")
}

// UnpackBadSignatureError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BadSignature(address payee)
func (assets *Assets) UnpackBadSignatureError(raw []byte) (*AssetsBadSignature, error) {
	out := new(AssetsBadSignature)
	if err := assets.abi.UnpackIntoInterface(out, "BadSignature", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AssetsBadSplit represents a BadSplit error raised by the Assets contract.
type AssetsBadSplit struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BadSplit()
func AssetsBadSplitErrorID() common.Hash {
	return common.HexToHash("0xbc4f33a36beccefcbd5e327863942ab0b7972a6b6016ee1ef3150afee7a910dc")
}

// UnpackBadSplitError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BadSplit()
func (assets *Assets) UnpackBadSplitError(raw []byte) (*AssetsBadSplit, error) {
	out := new(AssetsBadSplit)
	if err := assets.abi.UnpackIntoInterface(out, "BadSplit", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AssetsERC721InvalidReceiver represents a ERC721InvalidReceiver error raised by the Assets contract.
type AssetsERC721InvalidReceiver struct {
	Receiver common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC721InvalidReceiver(address receiver)
func AssetsERC721InvalidReceiverErrorID() common.Hash {
	return common.HexToHash("0x64a0ae9278f805eaf991dcd18ca78756d280b7508b764ef1b255c55845c11df9")
}

// UnpackERC721InvalidReceiverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC721InvalidReceiver(address receiver)
func (assets *Assets) UnpackERC721InvalidReceiverError(raw []byte) (*AssetsERC721InvalidReceiver, error) {
	out := new(AssetsERC721InvalidReceiver)
	if err := assets.abi.UnpackIntoInterface(out, "ERC721InvalidReceiver", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AssetsExpired represents a Expired error raised by the Assets contract.
type AssetsExpired struct {
	Deadline *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error Expired(uint256 deadline)
func AssetsExpiredErrorID() common.Hash {
	return common.HexToHash("0xf80dbaea4785589e52984ca36a31de106adc77759539a5c7d92883bf49692fe9")
}

// UnpackExpiredError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error Expired(uint256 deadline)
func (assets *Assets) UnpackExpiredError(raw []byte) (*AssetsExpired, error) {
	out := new(AssetsExpired)
	if err := assets.abi.UnpackIntoInterface(out, "Expired", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AssetsNoSuchToken represents a NoSuchToken error raised by the Assets contract.
type AssetsNoSuchToken struct {
	TokenId *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NoSuchToken(uint256 tokenId)
func AssetsNoSuchTokenErrorID() common.Hash {
	return common.HexToHash("0x1ff907f8c51cee5bb7c42aa7b971fc1aa64df7d1563a3716346211efda02bdbb")
}

// UnpackNoSuchTokenError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NoSuchToken(uint256 tokenId)
func (assets *Assets) UnpackNoSuchTokenError(raw []byte) (*AssetsNoSuchToken, error) {
	out := new(AssetsNoSuchToken)
	if err := assets.abi.UnpackIntoInterface(out, "NoSuchToken", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AssetsNotApproved represents a NotApproved error raised by the Assets contract.
type AssetsNotApproved struct {
	TokenId *big.Int
	Caller  common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotApproved(uint256 tokenId, address caller)
func AssetsNotApprovedErrorID() common.Hash {
	return common.HexToHash("0xc54fa5a522ee99ca83cec5131b558535598a80f4c3ec47e542e3cd36f7e1119d")
}

// UnpackNotApprovedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotApproved(uint256 tokenId, address caller)
func (assets *Assets) UnpackNotApprovedError(raw []byte) (*AssetsNotApproved, error) {
	out := new(AssetsNotApproved)
	if err := assets.abi.UnpackIntoInterface(out, "NotApproved", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AssetsNotOwner represents a NotOwner error raised by the Assets contract.
type AssetsNotOwner struct {
	TokenId *big.Int
	From    common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotOwner(uint256 tokenId, address from)
func AssetsNotOwnerErrorID() common.Hash {
	return common.HexToHash("0xb9c08761b39290edeb2eaccc82f97335f55e0538265165b6a27841798afb244b")
}

// UnpackNotOwnerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotOwner(uint256 tokenId, address from)
func (assets *Assets) UnpackNotOwnerError(raw []byte) (*AssetsNotOwner, error) {
	out := new(AssetsNotOwner)
	if err := assets.abi.UnpackIntoInterface(out, "NotOwner", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AssetsOver represents a Over error raised by the Assets contract.
type AssetsOver struct {
	Until uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error Over(uint64 until)
func AssetsOverErrorID() common.Hash {
	return common.HexToHash("0xc88569d64bd72a401b01f27e5ff33b881708ec05f058f6948e29abafc033398f")
}

// UnpackOverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error Over(uint64 until)
func (assets *Assets) UnpackOverError(raw []byte) (*AssetsOver, error) {
	out := new(AssetsOver)
	if err := assets.abi.UnpackIntoInterface(out, "Over", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AssetsSignatureCount represents a SignatureCount error raised by the Assets contract.
type AssetsSignatureCount struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SignatureCount()
func AssetsSignatureCountErrorID() common.Hash {
	return common.HexToHash("0x92a7d4f90057d1dead17b0942279a4b5cea703cd905c8846384449bdf15286d3")
}

// UnpackSignatureCountError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SignatureCount()
func (assets *Assets) UnpackSignatureCountError(raw []byte) (*AssetsSignatureCount, error) {
	out := new(AssetsSignatureCount)
	if err := assets.abi.UnpackIntoInterface(out, "SignatureCount", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AssetsZeroAddress represents a ZeroAddress error raised by the Assets contract.
type AssetsZeroAddress struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ZeroAddress()
func AssetsZeroAddressErrorID() common.Hash {
	return common.HexToHash("0xd92e233df2717d4a40030e20904abd27b68fcbeede117eaaccbbdac9618c8c73")
}

// UnpackZeroAddressError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ZeroAddress()
func (assets *Assets) UnpackZeroAddressError(raw []byte) (*AssetsZeroAddress, error) {
	out := new(AssetsZeroAddress)
	if err := assets.abi.UnpackIntoInterface(out, "ZeroAddress", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// IdentityMetaData contains all meta data concerning the Identity contract.
var IdentityMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"AlreadyEntered\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"BadDelay\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"BadGuardians\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"BadSignature\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"NoRecovery\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"NoSuchToken\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"}],\"name\":\"Over\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"Soulbound\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"readyAt\",\"type\":\"uint64\"}],\"name\":\"TooEarly\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"signed\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"threshold\",\"type\":\"uint256\"}],\"name\":\"TooFewGuardians\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroAddress\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"approved\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"Approval\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"bool\",\"name\":\"approved\",\"type\":\"bool\"}],\"name\":\"ApprovalForAll\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[],\"name\":\"EIP712DomainChanged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"guardiansHash\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"epoch\",\"type\":\"uint32\"}],\"name\":\"GuardiansNamed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"Locked\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"epoch\",\"type\":\"uint32\"}],\"name\":\"Recovered\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"readyAt\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"epoch\",\"type\":\"uint32\"}],\"name\":\"RecoveryBegun\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"epoch\",\"type\":\"uint32\"}],\"name\":\"RecoveryStopped\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"Transfer\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"Unlocked\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"MAX_DELAY\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MAX_GUARDIANS\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MIN_DELAY\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"name\":\"approve\",\"outputs\":[],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"balanceOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"domainSeparator\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"internalType\":\"bytes\",\"name\":\"signature\",\"type\":\"bytes\"}],\"name\":\"enter\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"finish\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"getApproved\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"guardiansOf\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"guardiansHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"epoch\",\"type\":\"uint32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"threshold\",\"type\":\"uint256\"},{\"internalType\":\"address[]\",\"name\":\"guardians\",\"type\":\"address[]\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"}],\"name\":\"hashGuardians\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"identityOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"name\":\"isApprovedForAll\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"locked\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"name\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"guardiansHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"},{\"internalType\":\"bytes\",\"name\":\"signature\",\"type\":\"bytes\"}],\"name\":\"nameGuardians\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"ownerOf\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"},{\"internalType\":\"bytes\",\"name\":\"accepted\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"threshold\",\"type\":\"uint256\"},{\"internalType\":\"address[]\",\"name\":\"guardians\",\"type\":\"address[]\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"},{\"internalType\":\"bytes[]\",\"name\":\"signatures\",\"type\":\"bytes[]\"}],\"name\":\"recover\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"recoveryOf\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"readyAt\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"name\":\"safeTransferFrom\",\"outputs\":[],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"},{\"internalType\":\"bytes\",\"name\":\"\",\"type\":\"bytes\"}],\"name\":\"safeTransferFrom\",\"outputs\":[],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"},{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"name\":\"setApprovalForAll\",\"outputs\":[],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"},{\"internalType\":\"bytes\",\"name\":\"signature\",\"type\":\"bytes\"}],\"name\":\"stop\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes4\",\"name\":\"interfaceId\",\"type\":\"bytes4\"}],\"name\":\"supportsInterface\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"symbol\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"tokenOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"tokenURI\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"name\":\"transferFrom\",\"outputs\":[],\"stateMutability\":\"pure\",\"type\":\"function\"}]",
	ID:  "4adafd3102465d3eb2a29e5b9840e28502",
	Bin: "0x60c0346100df57602081017f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f81527f016a34e79dfeec5ef052e7432716d28f46817f9e9e0c76e4f2e56ca57a0ad1d160408301527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608301524660808301523060a083015260a0825260c082019180831060018060401b038411176100cb57826040525190206080524660a05261269c90816100e4823960805181611e49015260a05181611e230152f35b634e487b7160e01b5f52604160045260245ffd5b5f80fdfe6080806040526004361015610012575f80fd5b5f3560e01c90816301ffc9a7146119925750806306fdde0314611945578063081812fc1461190b578063095ea7b3146118ab578063144e5aab1461182f57806317749e7a1461167e57806323b872dd146116055780634125ff9014611643578063422c1d371461160a57806342842e0e1461160557806342ec38e2146115c45780636352211e1461156a57806370a08231146114ca5780638320e9ed1461128357806384b0196e1461113857806395d89b41146110bb5780639f81aed714611080578063a22cb46514611015578063b45a3c0e14610fcf578063b88d4fde14610f44578063c634562614610f03578063c87b56dd14610b4e578063d353a1cb14610915578063d984d13814610489578063dd509693146102b9578063e985e9c51461026e578063f698da2514610236578063f7cfc383146101ce5763fa1a1b251461015b575f80fd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca576004355f5260026020526040805f205467ffffffffffffffff82519173ffffffffffffffffffffffffffffffffffffffff8116835260a01c166020820152f35b5f80fd5b346101ca5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760243567ffffffffffffffff81116101ca5761022e6102226020923690600401611c21565b60443591600435611f2e565b604051908152f35b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57602061022e611e20565b346101ca5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca576102a5611b14565b506102ae611b37565b5060206040515f8152f35b346101ca5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca576102f0611b14565b60243567ffffffffffffffff81116101ca57610310903690600401611b5a565b9061031a83611d2e565b91825f525f60205260405f2091825473ffffffffffffffffffffffffffffffffffffffff8116159081159161047b575b5061043957937f032bc66be43dbccb7487781d168eb7bda224628a3b2c3388bdf69b532a3a1611926103db602096938794604051948686017f9afe3505a86b2d18e87cc320c370f225d9834d3bf326a175363ac8f43f892a2b815273ffffffffffffffffffffffffffffffffffffffff821696876040820152604081526103d2606082611c9b565b5190209061219a565b817fffffffffffffffffffffffff000000000000000000000000000000000000000082541617905583604051915f7fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef8180a4838152a1604051908152f35b73ffffffffffffffffffffffffffffffffffffffff857fcace2695000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b60ff915060e01c168661034a565b346101ca576101007ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca576004356104c4611b37565b906044359167ffffffffffffffff83168093036101ca5760643567ffffffffffffffff81116101ca576104fb903690600401611b5a565b906084359060a43567ffffffffffffffff81116101ca57610520903690600401611c21565b60e43567ffffffffffffffff81116101ca57610540903690600401611c21565b929093885f525f60205260405f209761055d60c43585858a611f2e565b8a5f52600160205260405f2054036108c1578a42116108e95761057f8161210d565b88549760405160208101907fe21b7c2ce64659913c981c547460a68e90bd93dab27c7d71b3c709dcfa5340bd82528c604082015273ffffffffffffffffffffffffffffffffffffffff84169d8e60608301528b60a01c63ffffffff16608083015260a082015260a081526105f460c082611c9b565b51902092836106029361219a565b61060b906121f9565b8284036108c157939291905f945f945b8386106107e9575050505050508181106107bb57505063ffffffff9060c01c16420180421161078e577f951be62ca4fbc0047ff738e3cc6a56346fcab099eb3aa5f4e37b1573b59310949163ffffffff67ffffffffffffffff6040931691835161068481611c52565b87815260208101848152875f52600260205273ffffffffffffffffffffffffffffffffffffffff80875f20935116167fffffffffffffffffffffffff0000000000000000000000000000000000000000835416178255517fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff7bffffffffffffffff000000000000000000000000000000000000000083549260a01b16911617905561078061073783835460a01c16611d17565b82547fffffffffffffffff00000000ffffffffffffffffffffffffffffffffffffffff1660a082901b77ffffffff00000000000000000000000000000000000000001617909255565b8351928352166020820152a3005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7fff84adc1000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b9091929394956107fa87878461223a565b9050156108b85761082b836108186108138a8989611efd565b611f0d565b6108238a8a8761223a565b92909161229a565b15610869577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff811461078e576001809101965b01949392919061061b565b73ffffffffffffffffffffffffffffffffffffffff61088c610813898888611efd565b7f9a7d38d9000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b9560019061085e565b7fccb720aa000000000000000000000000000000000000000000000000000000005f5260045ffd5b8a7fc88569d6000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57600435805f52600260205260405f20906040519161096183611c52565b5467ffffffffffffffff602073ffffffffffffffffffffffffffffffffffffffff831694858152019160a01c1681528215610b225767ffffffffffffffff90511680421115610af757506109b48261210d565b805f525f60205260405f20907f12b7d8f2d75f240851239133f0953a9f9b08c97cfb3e034b3d9f4bdfc8129499602073ffffffffffffffffffffffffffffffffffffffff84541693835f52600282525f604081205573ffffffffffffffffffffffffffffffffffffffff86167fffffffffffffffffffffffff0000000000000000000000000000000000000000825416178155610a5086611d2e565b5f525f825260405f207c01000000000000000000000000000000000000000000000000000000007fffffff00ffffffffffffffffffffffffffffffffffffffffffffffffffffffff825416179055855f52600382528360405f20558386867fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef5f80a4610ae861073763ffffffff835460a01c16611d17565b63ffffffff60405191168152a4005b7fd606d83f000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b507f7e70b47b000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57600435610b8981612066565b50610b92611cdc565b90604051610ba1608082611c9b565b604e815260208101927f4f6e6520706572736f6e2773206964656e7469747920746f6b656e2e2049742084527f63616e6e6f74206d6f766520616e642073617973206e6f7468696e672061626f60408301527f75742074686520706572736f6e2e000000000000000000000000000000000000606083015260209260405194610c2a8587611c9b565b5f865260405191610c3b8684611c9b565b5f83529560405190610c4e606083611c9b565b60408083528783019390368537604098895b610e3a57509087949392916040519788978789017f7b226e616d65223a2200000000000000000000000000000000000000000000009052805190818960298c01920191610cac92611ab0565b880190602982017f222c226465736372697074696f6e223a220000000000000000000000000000009052519182603a8301610ce692611ab0565b01602901815191828760118401920191610cff92611ab0565b01601101907f222c2270726f70657274696573223a7b22636f6d6d69746d656e74223a2230788252519182858301610d3692611ab0565b018151918284808401920191610d4b92611ab0565b01017f227d7d00000000000000000000000000000000000000000000000000000000008152037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe381018252600301610da39082611c9b565b610dac906124f3565b9060405180928282017f646174613a6170706c69636174696f6e2f6a736f6e3b6261736536342c00000090528051908184603d8501920191610ded92611ab0565b810103603d017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352610e229083611c9b565b6040519181839283528201610e3691611ad1565b0390f35b600f81166010811015610ed6577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8b018b811161078e5785511115610ed6577f3031323334353637383961626364656600000000000000000000000000000000901a601f8b8601015360041c98801561078e577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff019889610c60565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57602061022e610f3f611b14565b611d89565b346101ca5760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57610f7b611b14565b50610f84611b37565b5060643567ffffffffffffffff81116101ca57610fa5903690600401611b5a565b50507fa4420a95000000000000000000000000000000000000000000000000000000005f5260045ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57611009600435612066565b50602060405160018152f35b346101ca5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5761104c611b14565b50602435801515036101ca577fa4420a95000000000000000000000000000000000000000000000000000000005f5260045ffd5b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760206040516203f4808152f35b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57610e366040516110fa604082611c9b565b600881527f53494e534f2d49440000000000000000000000000000000000000000000000006020820152604051918291602083526020830190611ad1565b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5761122860206040516111788282611c9b565b5f81525f3681376040916112358351936111928186611c9b565b600585527f53494e534f0000000000000000000000000000000000000000000000000000008386015280516111c78282611c9b565b600181527f31000000000000000000000000000000000000000000000000000000000000008482015281519687967f0f00000000000000000000000000000000000000000000000000000000000000885260e08689015260e0880190611ad1565b9186830390870152611ad1565b4660608501523060808501525f60a085015283810360c08501528180845192838152019301915f5b82811061126c57505050500390f35b83518552869550938101939281019260010161125d565b346101ca5760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760043560243560443563ffffffff8116918282036101ca5760643567ffffffffffffffff8116938482036101ca5760843567ffffffffffffffff81116101ca57611300903690600401611b5a565b6203f480839792971080156114be575b611496577f78cce6cdd2e26d4a5681e443a5dcdc9f255baa494aed9ec60e7eaec55a81d6e396611418946113438a612066565b8a5f525f6020528a60405f209673ffffffffffffffffffffffffffffffffffffffff8316330361141d575b5050505050505080547fffffffff00000000ffffffffffffffffffffffffffffffffffffffffffffffff7bffffffff0000000000000000000000000000000000000000000000008660c01b169116178155855f5260016020528260405f2055855f5260026020525f60408120556113f161073763ffffffff835460a01c16611d17565b6040519384938491604091949363ffffffff80926060860197865216602085015216910152565b0390a2005b61148a9663ffffffff895460a01c166040519260208401947fd8be7ddc24b2092b22749b2a7cc32204d149f9cf0e4713758e46141a343b8c91865260408501528c6060850152608084015260a083015260c082015260c0815261148160e082611c9b565b519020906120be565b86808080808a8161136e565b7f0137f4a0000000000000000000000000000000000000000000000000000000005f5260045ffd5b506276a7008311611310565b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57611501611b14565b73ffffffffffffffffffffffffffffffffffffffff8116156115425761152690611d89565b6115395760205f5b60ff60405191168152f35b6020600161152e565b7fd92e233d000000000000000000000000000000000000000000000000000000005f5260045ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760206115a6600435612066565b73ffffffffffffffffffffffffffffffffffffffff60405191168152f35b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57602061022e611600611b14565b611d2e565b611b88565b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57602060405160408152f35b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760206040516276a7008152f35b346101ca5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760043560243567ffffffffffffffff8116908181036101ca5760443567ffffffffffffffff81116101ca576116e6903690600401611b5a565b90926116f185612066565b91855f52600260205273ffffffffffffffffffffffffffffffffffffffff60405f20541615611803577f8ff30860a74b6d02d84b4228f0cb8549bac92dc54136e5a5621f69ef5114292294602094875f525f865260405f209473ffffffffffffffffffffffffffffffffffffffff8116330361179f575b5050505050835f52600282525f604081205561179061073763ffffffff835460a01c16611d17565b63ffffffff60405191168152a2005b6117f99463ffffffff875460a01c169060405190898201927fabdac5e8147dd501a86665481042eb2f422aaa83299c719d2600dfc1081ba79e84528c6040840152606083015260808201526080815261148160a082611c9b565b8480808080611768565b857f7e70b47b000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760043561186a81612066565b505f908152602081815260408083206001835292819020549254815193845263ffffffff60c082901c81169385019390935260a01c90911690820152606090f35b346101ca5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca576118e2611b14565b507fa4420a95000000000000000000000000000000000000000000000000000000005f5260045ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca576102ae600435612066565b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57610e3661197e611cdc565b604051918291602083526020830190611ad1565b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57600435907fffffffff0000000000000000000000000000000000000000000000000000000082168092036101ca57817f01ffc9a70000000000000000000000000000000000000000000000000000000060209314908115611a86575b8115611a5c575b8115611a32575b5015158152f35b7fb45a3c0e0000000000000000000000000000000000000000000000000000000091501483611a2b565b7f5b5e139f0000000000000000000000000000000000000000000000000000000081149150611a24565b7f80ac58cd0000000000000000000000000000000000000000000000000000000081149150611a1d565b5f5b838110611ac15750505f910152565b8181015183820152602001611ab2565b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602093611b0d81518092818752878088019101611ab0565b0116010190565b6004359073ffffffffffffffffffffffffffffffffffffffff821682036101ca57565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036101ca57565b9181601f840112156101ca5782359167ffffffffffffffff83116101ca57602083818601950101116101ca57565b346101ca5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760043573ffffffffffffffffffffffffffffffffffffffff811681036101ca575060243573ffffffffffffffffffffffffffffffffffffffff811681036101ca57507fa4420a95000000000000000000000000000000000000000000000000000000005f5260045ffd5b9181601f840112156101ca5782359167ffffffffffffffff83116101ca576020808501948460051b0101116101ca57565b6040810190811067ffffffffffffffff821117611c6e57604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff821117611c6e57604052565b60405190611ceb604083611c9b565b600e82527f53494e534f206964656e746974790000000000000000000000000000000000006020830152565b63ffffffff1663ffffffff811461078e5760010190565b60405173ffffffffffffffffffffffffffffffffffffffff60208201927fb615135acf57a1d44343ffab2dc85a2e999d0968ce06dcbbb0b5a33ee97baf7d845216604082015260408152611d83606082611c9b565b51902090565b9073ffffffffffffffffffffffffffffffffffffffff8216918215611e1a57611db190611d2e565b805f525f6020528273ffffffffffffffffffffffffffffffffffffffff60405f20541614611e165750815f52600360205260405f205491825f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f20541603611e1157565b5f9150565b9150565b505f9150565b467f000000000000000000000000000000000000000000000000000000000000000003611e6b577f000000000000000000000000000000000000000000000000000000000000000090565b60405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f016a34e79dfeec5ef052e7432716d28f46817f9e9e0c76e4f2e56ca57a0ad1d160408201527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201523060a082015260a08152611d8360c082611c9b565b9190811015610ed65760051b0190565b3573ffffffffffffffffffffffffffffffffffffffff811681036101ca5790565b928315801561205d575b8015612053575b6108c1579091905f805b83821061200857505060405192839183602084019660808501908852606060408601525260a0830191935f905b808210611fb5575050611d8393506060830152037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282611c9b565b9193509184359073ffffffffffffffffffffffffffffffffffffffff821682036101ca576020809173ffffffffffffffffffffffffffffffffffffffff6001941681520195019201859391949294611f76565b73ffffffffffffffffffffffffffffffffffffffff8061202e61081385888a999a611efd565b9216911611156108c1576001612048610813838787611efd565b910190939293611f49565b5060408311611f3f565b50828411611f38565b90815f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2054169182156120935750565b7f1ff907f8000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b9493929167ffffffffffffffff16948542116120e1576120df94955061219a565b565b857fc88569d6000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b61211681611d2e565b5f525f60205260405f205473ffffffffffffffffffffffffffffffffffffffff8116159081159161218c575b5061214a5750565b73ffffffffffffffffffffffffffffffffffffffff907fcace2695000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b60ff915060e01c165f612142565b9290916121a96121af936121f9565b8461229a565b156121b75750565b73ffffffffffffffffffffffffffffffffffffffff907f9a7d38d9000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b604290612204611e20565b90604051917f19010000000000000000000000000000000000000000000000000000000000008352600283015260228201522090565b9190811015610ed65760051b810135907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1813603018212156101ca57019081359167ffffffffffffffff83116101ca5760200182360381136101ca579190565b9073ffffffffffffffffffffffffffffffffffffffff821680156124ea5760418514908161246e575b5061246557813b1561245d578361237960845f96957fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f899860405196879460208601997f1626ba7e000000000000000000000000000000000000000000000000000000008b5260248701526040604487015281606487015286860137898582860101520116810103017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282611c9b565b51915afa3d15612456573d67ffffffffffffffff8111611c6e57604051906123c9601f82017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01660200183611c9b565b81523d5f602083013e5b81612448575b816123e2575090565b7f1626ba7e00000000000000000000000000000000000000000000000000000000915060208151910151906020811061241a57501490565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9060200360031b1b161490565b9050602081511015906123d9565b60606123d3565b505050505f90565b50505050600190565b905060405182815260408501355f1a6020820152604085818301375f80527f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0606082015111156124d9575b5073ffffffffffffffffffffffffffffffffffffffff5f5116145f6122c3565b5f608060209260015afa505f6124b9565b50505050505f90565b908151156126865781516002810180911161078e5760039004908160021b917f3fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81160361078e57604051917f4142434445464748494a4b4c4d4e4f505152535455565758595a616263646566601f527f6768696a6b6c6d6e6f707172737475767778797a303132333435363738392b2f603f52602083018480518101602081018051915f82525b80891061264a57506020959697509060039291525106806001146125f8576002146125cc575b50808452830101604052565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff603d9101535f6125c0565b507ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe81603d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8194015301535f6125c0565b939760036004910198603f8a51818160121c165183538181600c1c16516001840153818160061c1651600284015316516003820153019361259a565b9050604051612696602082611c9b565b5f81529056",
}

// Identity is an auto generated Go binding around an Ethereum contract.
type Identity struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Identity) GetABI() abi.ABI {
	return c.abi
}

// NewIdentity creates a new instance of Identity.
func NewIdentity() *Identity {
	parsed, err := IdentityMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Identity{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Identity) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackMAXDELAY is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4125ff90.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MAX_DELAY() view returns(uint256)
func (identity *Identity) PackMAXDELAY() []byte {
	enc, err := identity.abi.Pack("MAX_DELAY")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMAXDELAY is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4125ff90.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MAX_DELAY() view returns(uint256)
func (identity *Identity) TryPackMAXDELAY() ([]byte, error) {
	return identity.abi.Pack("MAX_DELAY")
}

// UnpackMAXDELAY is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x4125ff90.
//
// Solidity: function MAX_DELAY() view returns(uint256)
func (identity *Identity) UnpackMAXDELAY(data []byte) (*big.Int, error) {
	out, err := identity.abi.Unpack("MAX_DELAY", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMAXGUARDIANS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x422c1d37.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MAX_GUARDIANS() view returns(uint256)
func (identity *Identity) PackMAXGUARDIANS() []byte {
	enc, err := identity.abi.Pack("MAX_GUARDIANS")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMAXGUARDIANS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x422c1d37.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MAX_GUARDIANS() view returns(uint256)
func (identity *Identity) TryPackMAXGUARDIANS() ([]byte, error) {
	return identity.abi.Pack("MAX_GUARDIANS")
}

// UnpackMAXGUARDIANS is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x422c1d37.
//
// Solidity: function MAX_GUARDIANS() view returns(uint256)
func (identity *Identity) UnpackMAXGUARDIANS(data []byte) (*big.Int, error) {
	out, err := identity.abi.Unpack("MAX_GUARDIANS", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMINDELAY is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9f81aed7.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MIN_DELAY() view returns(uint256)
func (identity *Identity) PackMINDELAY() []byte {
	enc, err := identity.abi.Pack("MIN_DELAY")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMINDELAY is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9f81aed7.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MIN_DELAY() view returns(uint256)
func (identity *Identity) TryPackMINDELAY() ([]byte, error) {
	return identity.abi.Pack("MIN_DELAY")
}

// UnpackMINDELAY is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x9f81aed7.
//
// Solidity: function MIN_DELAY() view returns(uint256)
func (identity *Identity) UnpackMINDELAY(data []byte) (*big.Int, error) {
	out, err := identity.abi.Unpack("MIN_DELAY", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function approve(address , uint256 ) pure returns()
func (identity *Identity) PackApprove(arg0 common.Address, arg1 *big.Int) []byte {
	enc, err := identity.abi.Pack("approve", arg0, arg1)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function approve(address , uint256 ) pure returns()
func (identity *Identity) TryPackApprove(arg0 common.Address, arg1 *big.Int) ([]byte, error) {
	return identity.abi.Pack("approve", arg0, arg1)
}

// PackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function balanceOf(address owner) view returns(uint256)
func (identity *Identity) PackBalanceOf(owner common.Address) []byte {
	enc, err := identity.abi.Pack("balanceOf", owner)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function balanceOf(address owner) view returns(uint256)
func (identity *Identity) TryPackBalanceOf(owner common.Address) ([]byte, error) {
	return identity.abi.Pack("balanceOf", owner)
}

// UnpackBalanceOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x70a08231.
//
// Solidity: function balanceOf(address owner) view returns(uint256)
func (identity *Identity) UnpackBalanceOf(data []byte) (*big.Int, error) {
	out, err := identity.abi.Unpack("balanceOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDomainSeparator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf698da25.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function domainSeparator() view returns(bytes32)
func (identity *Identity) PackDomainSeparator() []byte {
	enc, err := identity.abi.Pack("domainSeparator")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDomainSeparator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf698da25.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function domainSeparator() view returns(bytes32)
func (identity *Identity) TryPackDomainSeparator() ([]byte, error) {
	return identity.abi.Pack("domainSeparator")
}

// UnpackDomainSeparator is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf698da25.
//
// Solidity: function domainSeparator() view returns(bytes32)
func (identity *Identity) UnpackDomainSeparator(data []byte) ([32]byte, error) {
	out, err := identity.abi.Unpack("domainSeparator", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackEnter is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd509693.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function enter(address owner, bytes signature) returns(uint256 tokenId)
func (identity *Identity) PackEnter(owner common.Address, signature []byte) []byte {
	enc, err := identity.abi.Pack("enter", owner, signature)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEnter is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd509693.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function enter(address owner, bytes signature) returns(uint256 tokenId)
func (identity *Identity) TryPackEnter(owner common.Address, signature []byte) ([]byte, error) {
	return identity.abi.Pack("enter", owner, signature)
}

// UnpackEnter is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xdd509693.
//
// Solidity: function enter(address owner, bytes signature) returns(uint256 tokenId)
func (identity *Identity) UnpackEnter(data []byte) (*big.Int, error) {
	out, err := identity.abi.Unpack("enter", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackFinish is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd353a1cb.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function finish(uint256 tokenId) returns()
func (identity *Identity) PackFinish(tokenId *big.Int) []byte {
	enc, err := identity.abi.Pack("finish", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFinish is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd353a1cb.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function finish(uint256 tokenId) returns()
func (identity *Identity) TryPackFinish(tokenId *big.Int) ([]byte, error) {
	return identity.abi.Pack("finish", tokenId)
}

// PackGetApproved is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x081812fc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function getApproved(uint256 tokenId) view returns(address)
func (identity *Identity) PackGetApproved(tokenId *big.Int) []byte {
	enc, err := identity.abi.Pack("getApproved", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackGetApproved is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x081812fc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function getApproved(uint256 tokenId) view returns(address)
func (identity *Identity) TryPackGetApproved(tokenId *big.Int) ([]byte, error) {
	return identity.abi.Pack("getApproved", tokenId)
}

// UnpackGetApproved is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x081812fc.
//
// Solidity: function getApproved(uint256 tokenId) view returns(address)
func (identity *Identity) UnpackGetApproved(data []byte) (common.Address, error) {
	out, err := identity.abi.Unpack("getApproved", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackGuardiansOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x144e5aab.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function guardiansOf(uint256 tokenId) view returns(bytes32 guardiansHash, uint32 delay, uint32 epoch)
func (identity *Identity) PackGuardiansOf(tokenId *big.Int) []byte {
	enc, err := identity.abi.Pack("guardiansOf", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackGuardiansOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x144e5aab.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function guardiansOf(uint256 tokenId) view returns(bytes32 guardiansHash, uint32 delay, uint32 epoch)
func (identity *Identity) TryPackGuardiansOf(tokenId *big.Int) ([]byte, error) {
	return identity.abi.Pack("guardiansOf", tokenId)
}

// GuardiansOfOutput serves as a container for the return parameters of contract
// method GuardiansOf.
type GuardiansOfOutput struct {
	GuardiansHash [32]byte
	Delay         uint32
	Epoch         uint32
}

// UnpackGuardiansOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x144e5aab.
//
// Solidity: function guardiansOf(uint256 tokenId) view returns(bytes32 guardiansHash, uint32 delay, uint32 epoch)
func (identity *Identity) UnpackGuardiansOf(data []byte) (GuardiansOfOutput, error) {
	out, err := identity.abi.Unpack("guardiansOf", data)
	outstruct := new(GuardiansOfOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.GuardiansHash = *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	outstruct.Delay = *abi.ConvertType(out[1], new(uint32)).(*uint32)
	outstruct.Epoch = *abi.ConvertType(out[2], new(uint32)).(*uint32)
	return *outstruct, nil
}

// PackHashGuardians is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf7cfc383.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function hashGuardians(uint256 threshold, address[] guardians, bytes32 salt) pure returns(bytes32)
func (identity *Identity) PackHashGuardians(threshold *big.Int, guardians []common.Address, salt [32]byte) []byte {
	enc, err := identity.abi.Pack("hashGuardians", threshold, guardians, salt)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackHashGuardians is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf7cfc383.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function hashGuardians(uint256 threshold, address[] guardians, bytes32 salt) pure returns(bytes32)
func (identity *Identity) TryPackHashGuardians(threshold *big.Int, guardians []common.Address, salt [32]byte) ([]byte, error) {
	return identity.abi.Pack("hashGuardians", threshold, guardians, salt)
}

// UnpackHashGuardians is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf7cfc383.
//
// Solidity: function hashGuardians(uint256 threshold, address[] guardians, bytes32 salt) pure returns(bytes32)
func (identity *Identity) UnpackHashGuardians(data []byte) ([32]byte, error) {
	out, err := identity.abi.Unpack("hashGuardians", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackIdentityOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc6345626.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function identityOf(address owner) view returns(uint256 tokenId)
func (identity *Identity) PackIdentityOf(owner common.Address) []byte {
	enc, err := identity.abi.Pack("identityOf", owner)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackIdentityOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc6345626.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function identityOf(address owner) view returns(uint256 tokenId)
func (identity *Identity) TryPackIdentityOf(owner common.Address) ([]byte, error) {
	return identity.abi.Pack("identityOf", owner)
}

// UnpackIdentityOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc6345626.
//
// Solidity: function identityOf(address owner) view returns(uint256 tokenId)
func (identity *Identity) UnpackIdentityOf(data []byte) (*big.Int, error) {
	out, err := identity.abi.Unpack("identityOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackIsApprovedForAll is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe985e9c5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function isApprovedForAll(address , address ) pure returns(bool)
func (identity *Identity) PackIsApprovedForAll(arg0 common.Address, arg1 common.Address) []byte {
	enc, err := identity.abi.Pack("isApprovedForAll", arg0, arg1)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackIsApprovedForAll is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe985e9c5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function isApprovedForAll(address , address ) pure returns(bool)
func (identity *Identity) TryPackIsApprovedForAll(arg0 common.Address, arg1 common.Address) ([]byte, error) {
	return identity.abi.Pack("isApprovedForAll", arg0, arg1)
}

// UnpackIsApprovedForAll is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe985e9c5.
//
// Solidity: function isApprovedForAll(address , address ) pure returns(bool)
func (identity *Identity) UnpackIsApprovedForAll(data []byte) (bool, error) {
	out, err := identity.abi.Unpack("isApprovedForAll", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackLocked is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb45a3c0e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function locked(uint256 tokenId) view returns(bool)
func (identity *Identity) PackLocked(tokenId *big.Int) []byte {
	enc, err := identity.abi.Pack("locked", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLocked is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb45a3c0e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function locked(uint256 tokenId) view returns(bool)
func (identity *Identity) TryPackLocked(tokenId *big.Int) ([]byte, error) {
	return identity.abi.Pack("locked", tokenId)
}

// UnpackLocked is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb45a3c0e.
//
// Solidity: function locked(uint256 tokenId) view returns(bool)
func (identity *Identity) UnpackLocked(data []byte) (bool, error) {
	out, err := identity.abi.Unpack("locked", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function name() pure returns(string)
func (identity *Identity) PackName() []byte {
	enc, err := identity.abi.Pack("name")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function name() pure returns(string)
func (identity *Identity) TryPackName() ([]byte, error) {
	return identity.abi.Pack("name")
}

// UnpackName is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x06fdde03.
//
// Solidity: function name() pure returns(string)
func (identity *Identity) UnpackName(data []byte) (string, error) {
	out, err := identity.abi.Unpack("name", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackNameGuardians is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8320e9ed.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function nameGuardians(uint256 tokenId, bytes32 guardiansHash, uint32 delay, uint64 until, bytes signature) returns()
func (identity *Identity) PackNameGuardians(tokenId *big.Int, guardiansHash [32]byte, delay uint32, until uint64, signature []byte) []byte {
	enc, err := identity.abi.Pack("nameGuardians", tokenId, guardiansHash, delay, until, signature)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackNameGuardians is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8320e9ed.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function nameGuardians(uint256 tokenId, bytes32 guardiansHash, uint32 delay, uint64 until, bytes signature) returns()
func (identity *Identity) TryPackNameGuardians(tokenId *big.Int, guardiansHash [32]byte, delay uint32, until uint64, signature []byte) ([]byte, error) {
	return identity.abi.Pack("nameGuardians", tokenId, guardiansHash, delay, until, signature)
}

// PackOwnerOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6352211e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function ownerOf(uint256 tokenId) view returns(address)
func (identity *Identity) PackOwnerOf(tokenId *big.Int) []byte {
	enc, err := identity.abi.Pack("ownerOf", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOwnerOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6352211e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function ownerOf(uint256 tokenId) view returns(address)
func (identity *Identity) TryPackOwnerOf(tokenId *big.Int) ([]byte, error) {
	return identity.abi.Pack("ownerOf", tokenId)
}

// UnpackOwnerOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6352211e.
//
// Solidity: function ownerOf(uint256 tokenId) view returns(address)
func (identity *Identity) UnpackOwnerOf(data []byte) (common.Address, error) {
	out, err := identity.abi.Unpack("ownerOf", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackRecover is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd984d138.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function recover(uint256 tokenId, address to, uint64 until, bytes accepted, uint256 threshold, address[] guardians, bytes32 salt, bytes[] signatures) returns()
func (identity *Identity) PackRecover(tokenId *big.Int, to common.Address, until uint64, accepted []byte, threshold *big.Int, guardians []common.Address, salt [32]byte, signatures [][]byte) []byte {
	enc, err := identity.abi.Pack("recover", tokenId, to, until, accepted, threshold, guardians, salt, signatures)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRecover is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd984d138.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function recover(uint256 tokenId, address to, uint64 until, bytes accepted, uint256 threshold, address[] guardians, bytes32 salt, bytes[] signatures) returns()
func (identity *Identity) TryPackRecover(tokenId *big.Int, to common.Address, until uint64, accepted []byte, threshold *big.Int, guardians []common.Address, salt [32]byte, signatures [][]byte) ([]byte, error) {
	return identity.abi.Pack("recover", tokenId, to, until, accepted, threshold, guardians, salt, signatures)
}

// PackRecoveryOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfa1a1b25.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function recoveryOf(uint256 tokenId) view returns(address to, uint64 readyAt)
func (identity *Identity) PackRecoveryOf(tokenId *big.Int) []byte {
	enc, err := identity.abi.Pack("recoveryOf", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRecoveryOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfa1a1b25.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function recoveryOf(uint256 tokenId) view returns(address to, uint64 readyAt)
func (identity *Identity) TryPackRecoveryOf(tokenId *big.Int) ([]byte, error) {
	return identity.abi.Pack("recoveryOf", tokenId)
}

// RecoveryOfOutput serves as a container for the return parameters of contract
// method RecoveryOf.
type RecoveryOfOutput struct {
	To      common.Address
	ReadyAt uint64
}

// UnpackRecoveryOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xfa1a1b25.
//
// Solidity: function recoveryOf(uint256 tokenId) view returns(address to, uint64 readyAt)
func (identity *Identity) UnpackRecoveryOf(data []byte) (RecoveryOfOutput, error) {
	out, err := identity.abi.Unpack("recoveryOf", data)
	outstruct := new(RecoveryOfOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.To = *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	outstruct.ReadyAt = *abi.ConvertType(out[1], new(uint64)).(*uint64)
	return *outstruct, nil
}

// PackSafeTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42842e0e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function safeTransferFrom(address , address , uint256 ) pure returns()
func (identity *Identity) PackSafeTransferFrom(arg0 common.Address, arg1 common.Address, arg2 *big.Int) []byte {
	enc, err := identity.abi.Pack("safeTransferFrom", arg0, arg1, arg2)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSafeTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42842e0e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function safeTransferFrom(address , address , uint256 ) pure returns()
func (identity *Identity) TryPackSafeTransferFrom(arg0 common.Address, arg1 common.Address, arg2 *big.Int) ([]byte, error) {
	return identity.abi.Pack("safeTransferFrom", arg0, arg1, arg2)
}

// PackSafeTransferFrom0 is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb88d4fde.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function safeTransferFrom(address , address , uint256 , bytes ) pure returns()
func (identity *Identity) PackSafeTransferFrom0(arg0 common.Address, arg1 common.Address, arg2 *big.Int, arg3 []byte) []byte {
	enc, err := identity.abi.Pack("safeTransferFrom0", arg0, arg1, arg2, arg3)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSafeTransferFrom0 is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb88d4fde.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function safeTransferFrom(address , address , uint256 , bytes ) pure returns()
func (identity *Identity) TryPackSafeTransferFrom0(arg0 common.Address, arg1 common.Address, arg2 *big.Int, arg3 []byte) ([]byte, error) {
	return identity.abi.Pack("safeTransferFrom0", arg0, arg1, arg2, arg3)
}

// PackSetApprovalForAll is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa22cb465.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setApprovalForAll(address , bool ) pure returns()
func (identity *Identity) PackSetApprovalForAll(arg0 common.Address, arg1 bool) []byte {
	enc, err := identity.abi.Pack("setApprovalForAll", arg0, arg1)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetApprovalForAll is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa22cb465.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setApprovalForAll(address , bool ) pure returns()
func (identity *Identity) TryPackSetApprovalForAll(arg0 common.Address, arg1 bool) ([]byte, error) {
	return identity.abi.Pack("setApprovalForAll", arg0, arg1)
}

// PackStop is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x17749e7a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function stop(uint256 tokenId, uint64 until, bytes signature) returns()
func (identity *Identity) PackStop(tokenId *big.Int, until uint64, signature []byte) []byte {
	enc, err := identity.abi.Pack("stop", tokenId, until, signature)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackStop is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x17749e7a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function stop(uint256 tokenId, uint64 until, bytes signature) returns()
func (identity *Identity) TryPackStop(tokenId *big.Int, until uint64, signature []byte) ([]byte, error) {
	return identity.abi.Pack("stop", tokenId, until, signature)
}

// PackSupportsInterface is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x01ffc9a7.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function supportsInterface(bytes4 interfaceId) pure returns(bool)
func (identity *Identity) PackSupportsInterface(interfaceId [4]byte) []byte {
	enc, err := identity.abi.Pack("supportsInterface", interfaceId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSupportsInterface is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x01ffc9a7.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function supportsInterface(bytes4 interfaceId) pure returns(bool)
func (identity *Identity) TryPackSupportsInterface(interfaceId [4]byte) ([]byte, error) {
	return identity.abi.Pack("supportsInterface", interfaceId)
}

// UnpackSupportsInterface is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x01ffc9a7.
//
// Solidity: function supportsInterface(bytes4 interfaceId) pure returns(bool)
func (identity *Identity) UnpackSupportsInterface(data []byte) (bool, error) {
	out, err := identity.abi.Unpack("supportsInterface", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function symbol() pure returns(string)
func (identity *Identity) PackSymbol() []byte {
	enc, err := identity.abi.Pack("symbol")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function symbol() pure returns(string)
func (identity *Identity) TryPackSymbol() ([]byte, error) {
	return identity.abi.Pack("symbol")
}

// UnpackSymbol is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x95d89b41.
//
// Solidity: function symbol() pure returns(string)
func (identity *Identity) UnpackSymbol(data []byte) (string, error) {
	out, err := identity.abi.Unpack("symbol", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackTokenOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42ec38e2.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function tokenOf(address owner) pure returns(uint256)
func (identity *Identity) PackTokenOf(owner common.Address) []byte {
	enc, err := identity.abi.Pack("tokenOf", owner)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTokenOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42ec38e2.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function tokenOf(address owner) pure returns(uint256)
func (identity *Identity) TryPackTokenOf(owner common.Address) ([]byte, error) {
	return identity.abi.Pack("tokenOf", owner)
}

// UnpackTokenOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x42ec38e2.
//
// Solidity: function tokenOf(address owner) pure returns(uint256)
func (identity *Identity) UnpackTokenOf(data []byte) (*big.Int, error) {
	out, err := identity.abi.Unpack("tokenOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackTokenURI is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc87b56dd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function tokenURI(uint256 tokenId) view returns(string)
func (identity *Identity) PackTokenURI(tokenId *big.Int) []byte {
	enc, err := identity.abi.Pack("tokenURI", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTokenURI is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc87b56dd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function tokenURI(uint256 tokenId) view returns(string)
func (identity *Identity) TryPackTokenURI(tokenId *big.Int) ([]byte, error) {
	return identity.abi.Pack("tokenURI", tokenId)
}

// UnpackTokenURI is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc87b56dd.
//
// Solidity: function tokenURI(uint256 tokenId) view returns(string)
func (identity *Identity) UnpackTokenURI(data []byte) (string, error) {
	out, err := identity.abi.Unpack("tokenURI", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function transferFrom(address , address , uint256 ) pure returns()
func (identity *Identity) PackTransferFrom(arg0 common.Address, arg1 common.Address, arg2 *big.Int) []byte {
	enc, err := identity.abi.Pack("transferFrom", arg0, arg1, arg2)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transferFrom(address , address , uint256 ) pure returns()
func (identity *Identity) TryPackTransferFrom(arg0 common.Address, arg1 common.Address, arg2 *big.Int) ([]byte, error) {
	return identity.abi.Pack("transferFrom", arg0, arg1, arg2)
}

// IdentityApproval represents a Approval event raised by the Identity contract.
type IdentityApproval struct {
	Owner    common.Address
	Approved common.Address
	TokenId  *big.Int
	Raw      *types.Log // Blockchain specific contextual infos
}

const IdentityApprovalEventName = "Approval"

// ContractEventName returns the user-defined event name.
func (IdentityApproval) ContractEventName() string {
	return IdentityApprovalEventName
}

// UnpackApprovalEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId)
func (identity *Identity) UnpackApprovalEvent(log *types.Log) (*IdentityApproval, error) {
	event := "Approval"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != identity.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(IdentityApproval)
	if len(log.Data) > 0 {
		if err := identity.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range identity.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// IdentityApprovalForAll represents a ApprovalForAll event raised by the Identity contract.
type IdentityApprovalForAll struct {
	Owner    common.Address
	Operator common.Address
	Approved bool
	Raw      *types.Log // Blockchain specific contextual infos
}

const IdentityApprovalForAllEventName = "ApprovalForAll"

// ContractEventName returns the user-defined event name.
func (IdentityApprovalForAll) ContractEventName() string {
	return IdentityApprovalForAllEventName
}

// UnpackApprovalForAllEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event ApprovalForAll(address indexed owner, address indexed operator, bool approved)
func (identity *Identity) UnpackApprovalForAllEvent(log *types.Log) (*IdentityApprovalForAll, error) {
	event := "ApprovalForAll"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != identity.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(IdentityApprovalForAll)
	if len(log.Data) > 0 {
		if err := identity.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range identity.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// IdentityEIP712DomainChanged represents a EIP712DomainChanged event raised by the Identity contract.
type IdentityEIP712DomainChanged struct {
	Raw *types.Log // Blockchain specific contextual infos
}

const IdentityEIP712DomainChangedEventName = "EIP712DomainChanged"

// ContractEventName returns the user-defined event name.
func (IdentityEIP712DomainChanged) ContractEventName() string {
	return IdentityEIP712DomainChangedEventName
}

// UnpackEIP712DomainChangedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event EIP712DomainChanged()
func (identity *Identity) UnpackEIP712DomainChangedEvent(log *types.Log) (*IdentityEIP712DomainChanged, error) {
	event := "EIP712DomainChanged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != identity.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(IdentityEIP712DomainChanged)
	if len(log.Data) > 0 {
		if err := identity.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range identity.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// IdentityGuardiansNamed represents a GuardiansNamed event raised by the Identity contract.
type IdentityGuardiansNamed struct {
	TokenId       *big.Int
	GuardiansHash [32]byte
	Delay         uint32
	Epoch         uint32
	Raw           *types.Log // Blockchain specific contextual infos
}

const IdentityGuardiansNamedEventName = "GuardiansNamed"

// ContractEventName returns the user-defined event name.
func (IdentityGuardiansNamed) ContractEventName() string {
	return IdentityGuardiansNamedEventName
}

// UnpackGuardiansNamedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event GuardiansNamed(uint256 indexed tokenId, bytes32 guardiansHash, uint32 delay, uint32 epoch)
func (identity *Identity) UnpackGuardiansNamedEvent(log *types.Log) (*IdentityGuardiansNamed, error) {
	event := "GuardiansNamed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != identity.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(IdentityGuardiansNamed)
	if len(log.Data) > 0 {
		if err := identity.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range identity.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// IdentityLocked represents a Locked event raised by the Identity contract.
type IdentityLocked struct {
	TokenId *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const IdentityLockedEventName = "Locked"

// ContractEventName returns the user-defined event name.
func (IdentityLocked) ContractEventName() string {
	return IdentityLockedEventName
}

// UnpackLockedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Locked(uint256 tokenId)
func (identity *Identity) UnpackLockedEvent(log *types.Log) (*IdentityLocked, error) {
	event := "Locked"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != identity.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(IdentityLocked)
	if len(log.Data) > 0 {
		if err := identity.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range identity.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// IdentityRecovered represents a Recovered event raised by the Identity contract.
type IdentityRecovered struct {
	TokenId *big.Int
	From    common.Address
	To      common.Address
	Epoch   uint32
	Raw     *types.Log // Blockchain specific contextual infos
}

const IdentityRecoveredEventName = "Recovered"

// ContractEventName returns the user-defined event name.
func (IdentityRecovered) ContractEventName() string {
	return IdentityRecoveredEventName
}

// UnpackRecoveredEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Recovered(uint256 indexed tokenId, address indexed from, address indexed to, uint32 epoch)
func (identity *Identity) UnpackRecoveredEvent(log *types.Log) (*IdentityRecovered, error) {
	event := "Recovered"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != identity.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(IdentityRecovered)
	if len(log.Data) > 0 {
		if err := identity.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range identity.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// IdentityRecoveryBegun represents a RecoveryBegun event raised by the Identity contract.
type IdentityRecoveryBegun struct {
	TokenId *big.Int
	To      common.Address
	ReadyAt uint64
	Epoch   uint32
	Raw     *types.Log // Blockchain specific contextual infos
}

const IdentityRecoveryBegunEventName = "RecoveryBegun"

// ContractEventName returns the user-defined event name.
func (IdentityRecoveryBegun) ContractEventName() string {
	return IdentityRecoveryBegunEventName
}

// UnpackRecoveryBegunEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RecoveryBegun(uint256 indexed tokenId, address indexed to, uint64 readyAt, uint32 epoch)
func (identity *Identity) UnpackRecoveryBegunEvent(log *types.Log) (*IdentityRecoveryBegun, error) {
	event := "RecoveryBegun"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != identity.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(IdentityRecoveryBegun)
	if len(log.Data) > 0 {
		if err := identity.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range identity.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// IdentityRecoveryStopped represents a RecoveryStopped event raised by the Identity contract.
type IdentityRecoveryStopped struct {
	TokenId *big.Int
	Epoch   uint32
	Raw     *types.Log // Blockchain specific contextual infos
}

const IdentityRecoveryStoppedEventName = "RecoveryStopped"

// ContractEventName returns the user-defined event name.
func (IdentityRecoveryStopped) ContractEventName() string {
	return IdentityRecoveryStoppedEventName
}

// UnpackRecoveryStoppedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RecoveryStopped(uint256 indexed tokenId, uint32 epoch)
func (identity *Identity) UnpackRecoveryStoppedEvent(log *types.Log) (*IdentityRecoveryStopped, error) {
	event := "RecoveryStopped"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != identity.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(IdentityRecoveryStopped)
	if len(log.Data) > 0 {
		if err := identity.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range identity.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// IdentityTransfer represents a Transfer event raised by the Identity contract.
type IdentityTransfer struct {
	From    common.Address
	To      common.Address
	TokenId *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const IdentityTransferEventName = "Transfer"

// ContractEventName returns the user-defined event name.
func (IdentityTransfer) ContractEventName() string {
	return IdentityTransferEventName
}

// UnpackTransferEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)
func (identity *Identity) UnpackTransferEvent(log *types.Log) (*IdentityTransfer, error) {
	event := "Transfer"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != identity.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(IdentityTransfer)
	if len(log.Data) > 0 {
		if err := identity.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range identity.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// IdentityUnlocked represents a Unlocked event raised by the Identity contract.
type IdentityUnlocked struct {
	TokenId *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const IdentityUnlockedEventName = "Unlocked"

// ContractEventName returns the user-defined event name.
func (IdentityUnlocked) ContractEventName() string {
	return IdentityUnlockedEventName
}

// UnpackUnlockedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Unlocked(uint256 tokenId)
func (identity *Identity) UnpackUnlockedEvent(log *types.Log) (*IdentityUnlocked, error) {
	event := "Unlocked"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != identity.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(IdentityUnlocked)
	if len(log.Data) > 0 {
		if err := identity.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range identity.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (identity *Identity) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], identity.abi.Errors["AlreadyEntered"].ID.Bytes()[:4]) {
		return identity.UnpackAlreadyEnteredError(raw[4:])
	}
	if bytes.Equal(raw[:4], identity.abi.Errors["BadDelay"].ID.Bytes()[:4]) {
		return identity.UnpackBadDelayError(raw[4:])
	}
	if bytes.Equal(raw[:4], identity.abi.Errors["BadGuardians"].ID.Bytes()[:4]) {
		return identity.UnpackBadGuardiansError(raw[4:])
	}
	if bytes.Equal(raw[:4], identity.abi.Errors["BadSignature"].ID.Bytes()[:4]) {
		return identity.UnpackBadSignatureError(raw[4:])
	}
	if bytes.Equal(raw[:4], identity.abi.Errors["NoRecovery"].ID.Bytes()[:4]) {
		return identity.UnpackNoRecoveryError(raw[4:])
	}
	if bytes.Equal(raw[:4], identity.abi.Errors["NoSuchToken"].ID.Bytes()[:4]) {
		return identity.UnpackNoSuchTokenError(raw[4:])
	}
	if bytes.Equal(raw[:4], identity.abi.Errors["Over"].ID.Bytes()[:4]) {
		return identity.UnpackOverError(raw[4:])
	}
	if bytes.Equal(raw[:4], identity.abi.Errors["Soulbound"].ID.Bytes()[:4]) {
		return identity.UnpackSoulboundError(raw[4:])
	}
	if bytes.Equal(raw[:4], identity.abi.Errors["TooEarly"].ID.Bytes()[:4]) {
		return identity.UnpackTooEarlyError(raw[4:])
	}
	if bytes.Equal(raw[:4], identity.abi.Errors["TooFewGuardians"].ID.Bytes()[:4]) {
		return identity.UnpackTooFewGuardiansError(raw[4:])
	}
	if bytes.Equal(raw[:4], identity.abi.Errors["ZeroAddress"].ID.Bytes()[:4]) {
		return identity.UnpackZeroAddressError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// IdentityAlreadyEntered represents a AlreadyEntered error raised by the Identity contract.
type IdentityAlreadyEntered struct {
	Owner common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyEntered(address owner)
func IdentityAlreadyEnteredErrorID() common.Hash {
	return common.HexToHash("0xcace26955b8eed47c242c9359fa795802a439ae40e8a02570fc675d4fc7fb24b")
}

// UnpackAlreadyEnteredError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyEntered(address owner)
func (identity *Identity) UnpackAlreadyEnteredError(raw []byte) (*IdentityAlreadyEntered, error) {
	out := new(IdentityAlreadyEntered)
	if err := identity.abi.UnpackIntoInterface(out, "AlreadyEntered", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// IdentityBadDelay represents a BadDelay error raised by the Identity contract.
type IdentityBadDelay struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BadDelay()
func IdentityBadDelayErrorID() common.Hash {
	return common.HexToHash("0x0137f4a09c305ba7ab620ea2e12d49e87552d274dfeddc252e53f34dead92f61")
}

// UnpackBadDelayError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BadDelay()
func (identity *Identity) UnpackBadDelayError(raw []byte) (*IdentityBadDelay, error) {
	out := new(IdentityBadDelay)
	if err := identity.abi.UnpackIntoInterface(out, "BadDelay", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// IdentityBadGuardians represents a BadGuardians error raised by the Identity contract.
type IdentityBadGuardians struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BadGuardians()
func IdentityBadGuardiansErrorID() common.Hash {
	return common.HexToHash("0xccb720aa2e5d0c5d45878454b4d69e79abb96447d76d8461b8e698f9bc26b8c4")
}

// UnpackBadGuardiansError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BadGuardians()
func (identity *Identity) UnpackBadGuardiansError(raw []byte) (*IdentityBadGuardians, error) {
	out := new(IdentityBadGuardians)
	if err := identity.abi.UnpackIntoInterface(out, "BadGuardians", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// IdentityBadSignature represents a BadSignature error raised by the Identity contract.
type IdentityBadSignature struct {
	Owner common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BadSignature(address owner)
func IdentityBadSignatureErrorID() common.Hash {
	return common.HexToHash("0x9a7d38d94d3da0d5188ab778bbe9a3a38c77802b1bf2426c15740dc786da791d")
}

// UnpackBadSignatureError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BadSignature(address owner)
func (identity *Identity) UnpackBadSignatureError(raw []byte) (*IdentityBadSignature, error) {
	out := new(IdentityBadSignature)
	if err := identity.abi.UnpackIntoInterface(out, "BadSignature", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// IdentityNoRecovery represents a NoRecovery error raised by the Identity contract.
type IdentityNoRecovery struct {
	TokenId *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NoRecovery(uint256 tokenId)
func IdentityNoRecoveryErrorID() common.Hash {
	return common.HexToHash("0x7e70b47b8d113686d867013a2cb154b7f44d99eea2ce282a9be31db43008197e")
}

// UnpackNoRecoveryError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NoRecovery(uint256 tokenId)
func (identity *Identity) UnpackNoRecoveryError(raw []byte) (*IdentityNoRecovery, error) {
	out := new(IdentityNoRecovery)
	if err := identity.abi.UnpackIntoInterface(out, "NoRecovery", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// IdentityNoSuchToken represents a NoSuchToken error raised by the Identity contract.
type IdentityNoSuchToken struct {
	TokenId *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NoSuchToken(uint256 tokenId)
func IdentityNoSuchTokenErrorID() common.Hash {
	return common.HexToHash("0x1ff907f8c51cee5bb7c42aa7b971fc1aa64df7d1563a3716346211efda02bdbb")
}

// UnpackNoSuchTokenError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NoSuchToken(uint256 tokenId)
func (identity *Identity) UnpackNoSuchTokenError(raw []byte) (*IdentityNoSuchToken, error) {
	out := new(IdentityNoSuchToken)
	if err := identity.abi.UnpackIntoInterface(out, "NoSuchToken", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// IdentityOver represents a Over error raised by the Identity contract.
type IdentityOver struct {
	Until uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error Over(uint64 until)
func IdentityOverErrorID() common.Hash {
	return common.HexToHash("0xc88569d64bd72a401b01f27e5ff33b881708ec05f058f6948e29abafc033398f")
}

// UnpackOverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error Over(uint64 until)
func (identity *Identity) UnpackOverError(raw []byte) (*IdentityOver, error) {
	out := new(IdentityOver)
	if err := identity.abi.UnpackIntoInterface(out, "Over", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// IdentitySoulbound represents a Soulbound error raised by the Identity contract.
type IdentitySoulbound struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error Soulbound()
func IdentitySoulboundErrorID() common.Hash {
	return common.HexToHash("0xa4420a95d7f3ff69d13904950688298cd959b03d9bf658c77c6903bcb26e7911")
}

// UnpackSoulboundError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error Soulbound()
func (identity *Identity) UnpackSoulboundError(raw []byte) (*IdentitySoulbound, error) {
	out := new(IdentitySoulbound)
	if err := identity.abi.UnpackIntoInterface(out, "Soulbound", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// IdentityTooEarly represents a TooEarly error raised by the Identity contract.
type IdentityTooEarly struct {
	ReadyAt uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooEarly(uint64 readyAt)
func IdentityTooEarlyErrorID() common.Hash {
	return common.HexToHash("0xd606d83fc5c7e56637c0959f5077c3a15f782b710d7eab50461ed55fd6deb6ae")
}

// UnpackTooEarlyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooEarly(uint64 readyAt)
func (identity *Identity) UnpackTooEarlyError(raw []byte) (*IdentityTooEarly, error) {
	out := new(IdentityTooEarly)
	if err := identity.abi.UnpackIntoInterface(out, "TooEarly", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// IdentityTooFewGuardians represents a TooFewGuardians error raised by the Identity contract.
type IdentityTooFewGuardians struct {
	Signed    *big.Int
	Threshold *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooFewGuardians(uint256 signed, uint256 threshold)
func IdentityTooFewGuardiansErrorID() common.Hash {
	return common.HexToHash("0xff84adc143667b7c342c694a4218ad100785522ecfdf49390b0aa767c66dc241")
}

// UnpackTooFewGuardiansError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooFewGuardians(uint256 signed, uint256 threshold)
func (identity *Identity) UnpackTooFewGuardiansError(raw []byte) (*IdentityTooFewGuardians, error) {
	out := new(IdentityTooFewGuardians)
	if err := identity.abi.UnpackIntoInterface(out, "TooFewGuardians", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// IdentityZeroAddress represents a ZeroAddress error raised by the Identity contract.
type IdentityZeroAddress struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ZeroAddress()
func IdentityZeroAddressErrorID() common.Hash {
	return common.HexToHash("0xd92e233df2717d4a40030e20904abd27b68fcbeede117eaaccbbdac9618c8c73")
}

// UnpackZeroAddressError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ZeroAddress()
func (identity *Identity) UnpackZeroAddressError(raw []byte) (*IdentityZeroAddress, error) {
	out := new(IdentityZeroAddress)
	if err := identity.abi.UnpackIntoInterface(out, "ZeroAddress", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RoyaltiesMetaData contains all meta data concerning the Royalties contract.
var RoyaltiesMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"NotOpened\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"address\",\"name\":\"receiver\",\"type\":\"address\"}],\"name\":\"Opened\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"open\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"receiver\",\"type\":\"address\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"receiverOf\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"}]",
	ID:  "fce5390bf731f0c3fb825e1f454fb3cdcc",
	Bin: "0x60a08060405234607257610c27818101906001600160401b03821183831017605e5760209183916103b983393381520301905ff0801560535760805260405161034290816100778239608051816102e20152f35b6040513d5f823e3d90fd5b634e487b7160e01b5f52604160045260245ffd5b5f80fdfe60806040526004361015610011575f80fd5b5f3560e01c8063690e7c091461008d5763f31d8c311461002f575f80fd5b346100895760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261008957602061006b6004356101d0565b73ffffffffffffffffffffffffffffffffffffffff60405191168152f35b5f80fd5b346100895760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261008957602060043561006b6100cd826101d0565b91823b61015f5773ffffffffffffffffffffffffffffffffffffffff816100f261024a565b6020815191015ff581851691829116036101335760207f847f8fd85298087d02af13b20edb8f1520738e104f0a85649c4b00241dbb103c91604051908152a2565b507fb28664a9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b50565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff8211176101a357604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b73ffffffffffffffffffffffffffffffffffffffff906101ee61024a565b602081519101206040519060208201927fff0000000000000000000000000000000000000000000000000000000000000084523060601b60218401526035830152605582015260558152610243607582610162565b5190201690565b6040517f3d603380600a3d3981f30000000000000000000000000000000000000000000060208201527f36600557005b0000000000000000000000000000000000000000000000000000602a8201527f363d3d373d3d3d363d730000000000000000000000000000000000000000000060308201527fffffffffffffffffffffffffffffffffffffffff0000000000000000000000007f000000000000000000000000000000000000000000000000000000000000000060601b16603a8201527f5af43d82803e903d91603157fd5bf30000000000000000000000000000000000604e820152603d815261033f605d82610162565b905660c034609957601f610c2738819003918201601f19168301916001600160401b03831184841017609d57808492602094604052833981010312609957516001600160a01b0381169081900360995760017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00556080523360a052604051610b7590816100b282396080518161061b015260a051816102480152f35b5f80fd5b634e487b7160e01b5f52604160045260245ffdfe60806040526004361015610011575f80fd5b5f3560e01c806328079e4a146106dd578063505cabcb146101125780636dce4ab0146100c05763f940e38514610045575f80fd5b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc5761009661007f610768565b61008761078b565b809161009161086e565b61090c565b60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055005b5f80fd5b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc576100966100fa610768565b61010261078b565b9061010b61086e565b339061090c565b346100bc5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc57610149610768565b6044359067ffffffffffffffff82116100bc57366023830112156100bc5781600401359067ffffffffffffffff82116100bc5760248301928260061b9060248236920101116100bc5761019a61086e565b82156105a8576080906101ac8561084d565b90604080519160208352866020840152808883850137019020604051917f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff038352602083015260243560408301526060820152206040517ff31d8c3100000000000000000000000000000000000000000000000000000000815281600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa90811561059d575f9161068e575b5073ffffffffffffffffffffffffffffffffffffffff163014801591906105d0575b506105a85773ffffffffffffffffffffffffffffffffffffffff1691826105215747915b835f52600160205260405f2054808411156104f957845f5260016020528360405f20556102eb818561081c565b906102f5836108e5565b9161030360405193846107ae565b83835261030f846108e5565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0602085019101368237819060015b86888183106104c257505050845115610495575260015b8481106104515750505f5b82518110156103f6576103738184610829565b5190875f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff6103a86103a384898b61083d565b61084d565b165f5260205260405f209182549081018091116103c9576001925501610360565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b867fb649c98f58055c520df0dcb5709eff2e931217ff2fb1e21376130d31bbb1c0af6020610424858a61081c565b604051908152a260017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055005b8061048461ffff610470602061046a6001968b8d61083d565b016108fd565b168490612710808281850602049204020190565b61048e8287610829565b5201610355565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b61ffff6104dc602061046a8660019799966104f09661083d565b168690612710808281850602049204020190565b9003920161033e565b7f01663f24000000000000000000000000000000000000000000000000000000005f5260045ffd5b6040517f70a08231000000000000000000000000000000000000000000000000000000008152306004820152602081602481875afa90811561059d575f9161056b575b50916102be565b90506020813d602011610595575b81610586602093836107ae565b810103126100bc575184610564565b3d9150610579565b6040513d5f823e3d90fd5b7ff170c67f000000000000000000000000000000000000000000000000000000005f5260045ffd5b9050604051907ffe465807000000000000000000000000000000000000000000000000000000008252600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa90811561059d575f91610653575b50158461029a565b90506020813d602011610686575b8161066e602093836107ae565b810103126100bc575180151581036100bc578461064b565b3d9150610661565b90506020813d6020116106d5575b816106a9602093836107ae565b810103126100bc575173ffffffffffffffffffffffffffffffffffffffff811681036100bc5785610278565b3d915061069c565b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc57610714610768565b73ffffffffffffffffffffffffffffffffffffffff61073161078b565b91165f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b6004359073ffffffffffffffffffffffffffffffffffffffff821682036100bc57565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036100bc57565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff8211176107ef57604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b919082039182116103c957565b80518210156104955760209160051b010190565b91908110156104955760061b0190565b3573ffffffffffffffffffffffffffffffffffffffff811681036100bc5790565b60027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0054146108bd5760027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055565b7f3ee5aeb5000000000000000000000000000000000000000000000000000000005f5260045ffd5b67ffffffffffffffff81116107ef5760051b60200190565b3561ffff811681036100bc5790565b73ffffffffffffffffffffffffffffffffffffffff1691825f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff83165f5260205260405f2054908115610b3357835f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff84165f526020525f6040812055835f52600160205260405f2061099a83825461081c565b905573ffffffffffffffffffffffffffffffffffffffff81168093857fa4195c37c2947bbe89165f03e320b6903116f0b10d8cfdb522330f7ce6f9fa24602073ffffffffffffffffffffffffffffffffffffffff604051948886521693a483610a96575f80939450809281925af13d15610a91573d67ffffffffffffffff81116107ef5760405190610a5460207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f84011601836107ae565b81525f60203d92013e5b15610a665750565b7fb6c30e5f000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b610a5e565b50604051917fa9059cbb000000000000000000000000000000000000000000000000000000005f5260045260245260205f60448180865af19060015f5114821615610b12575b60405215610ae75750565b7f5274afe7000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b906001811516610b2a57823b15153d15161690610adc565b503d5f823e3d90fd5b73ffffffffffffffffffffffffffffffffffffffff837f751b0fda000000000000000000000000000000000000000000000000000000005f521660045260245ffd",
}

// Royalties is an auto generated Go binding around an Ethereum contract.
type Royalties struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Royalties) GetABI() abi.ABI {
	return c.abi
}

// NewRoyalties creates a new instance of Royalties.
func NewRoyalties() *Royalties {
	parsed, err := RoyaltiesMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Royalties{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Royalties) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackOpen is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x690e7c09.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function open(uint256 tokenId) returns(address receiver)
func (royalties *Royalties) PackOpen(tokenId *big.Int) []byte {
	enc, err := royalties.abi.Pack("open", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOpen is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x690e7c09.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function open(uint256 tokenId) returns(address receiver)
func (royalties *Royalties) TryPackOpen(tokenId *big.Int) ([]byte, error) {
	return royalties.abi.Pack("open", tokenId)
}

// UnpackOpen is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x690e7c09.
//
// Solidity: function open(uint256 tokenId) returns(address receiver)
func (royalties *Royalties) UnpackOpen(data []byte) (common.Address, error) {
	out, err := royalties.abi.Unpack("open", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackReceiverOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf31d8c31.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function receiverOf(uint256 tokenId) view returns(address)
func (royalties *Royalties) PackReceiverOf(tokenId *big.Int) []byte {
	enc, err := royalties.abi.Pack("receiverOf", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackReceiverOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf31d8c31.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function receiverOf(uint256 tokenId) view returns(address)
func (royalties *Royalties) TryPackReceiverOf(tokenId *big.Int) ([]byte, error) {
	return royalties.abi.Pack("receiverOf", tokenId)
}

// UnpackReceiverOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf31d8c31.
//
// Solidity: function receiverOf(uint256 tokenId) view returns(address)
func (royalties *Royalties) UnpackReceiverOf(data []byte) (common.Address, error) {
	out, err := royalties.abi.Unpack("receiverOf", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// RoyaltiesOpened represents a Opened event raised by the Royalties contract.
type RoyaltiesOpened struct {
	TokenId  *big.Int
	Receiver common.Address
	Raw      *types.Log // Blockchain specific contextual infos
}

const RoyaltiesOpenedEventName = "Opened"

// ContractEventName returns the user-defined event name.
func (RoyaltiesOpened) ContractEventName() string {
	return RoyaltiesOpenedEventName
}

// UnpackOpenedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Opened(uint256 indexed tokenId, address receiver)
func (royalties *Royalties) UnpackOpenedEvent(log *types.Log) (*RoyaltiesOpened, error) {
	event := "Opened"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != royalties.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(RoyaltiesOpened)
	if len(log.Data) > 0 {
		if err := royalties.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range royalties.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (royalties *Royalties) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], royalties.abi.Errors["NotOpened"].ID.Bytes()[:4]) {
		return royalties.UnpackNotOpenedError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// RoyaltiesNotOpened represents a NotOpened error raised by the Royalties contract.
type RoyaltiesNotOpened struct {
	TokenId *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotOpened(uint256 tokenId)
func RoyaltiesNotOpenedErrorID() common.Hash {
	return common.HexToHash("0xb28664a9ec055c524bc21c8f3381fc7192ce729f4f52994f4758ebcd6ca87c0a")
}

// UnpackNotOpenedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotOpened(uint256 tokenId)
func (royalties *Royalties) UnpackNotOpenedError(raw []byte) (*RoyaltiesNotOpened, error) {
	out := new(RoyaltiesNotOpened)
	if err := royalties.abi.UnpackIntoInterface(out, "NotOpened", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RoyaltyMetaData contains all meta data concerning the Royalty contract.
var RoyaltyMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"address\",\"name\":\"assets\",\"type\":\"address\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"}],\"name\":\"NothingOwed\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"NothingToDistribute\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"}],\"name\":\"PaymentRefused\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ReentrancyGuardReentrantCall\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"}],\"name\":\"SafeERC20FailedOperation\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongAsset\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"currency\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"Distributed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"currency\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"Withdrawn\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"currency\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"bps\",\"type\":\"uint16\"}],\"internalType\":\"structShare[]\",\"name\":\"split\",\"type\":\"tuple[]\"}],\"name\":\"distribute\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"currency\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"}],\"name\":\"owed\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"currency\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"}],\"name\":\"withdraw\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"currency\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"}],\"name\":\"withdrawTo\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "5b77a72a75d314d2dc81401267825ea822",
	Bin: "0x60c034609957601f610c2738819003918201601f19168301916001600160401b03831184841017609d57808492602094604052833981010312609957516001600160a01b0381169081900360995760017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00556080523360a052604051610b7590816100b282396080518161061b015260a051816102480152f35b5f80fd5b634e487b7160e01b5f52604160045260245ffdfe60806040526004361015610011575f80fd5b5f3560e01c806328079e4a146106dd578063505cabcb146101125780636dce4ab0146100c05763f940e38514610045575f80fd5b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc5761009661007f610768565b61008761078b565b809161009161086e565b61090c565b60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055005b5f80fd5b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc576100966100fa610768565b61010261078b565b9061010b61086e565b339061090c565b346100bc5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc57610149610768565b6044359067ffffffffffffffff82116100bc57366023830112156100bc5781600401359067ffffffffffffffff82116100bc5760248301928260061b9060248236920101116100bc5761019a61086e565b82156105a8576080906101ac8561084d565b90604080519160208352866020840152808883850137019020604051917f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff038352602083015260243560408301526060820152206040517ff31d8c3100000000000000000000000000000000000000000000000000000000815281600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa90811561059d575f9161068e575b5073ffffffffffffffffffffffffffffffffffffffff163014801591906105d0575b506105a85773ffffffffffffffffffffffffffffffffffffffff1691826105215747915b835f52600160205260405f2054808411156104f957845f5260016020528360405f20556102eb818561081c565b906102f5836108e5565b9161030360405193846107ae565b83835261030f846108e5565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0602085019101368237819060015b86888183106104c257505050845115610495575260015b8481106104515750505f5b82518110156103f6576103738184610829565b5190875f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff6103a86103a384898b61083d565b61084d565b165f5260205260405f209182549081018091116103c9576001925501610360565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b867fb649c98f58055c520df0dcb5709eff2e931217ff2fb1e21376130d31bbb1c0af6020610424858a61081c565b604051908152a260017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055005b8061048461ffff610470602061046a6001968b8d61083d565b016108fd565b168490612710808281850602049204020190565b61048e8287610829565b5201610355565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b61ffff6104dc602061046a8660019799966104f09661083d565b168690612710808281850602049204020190565b9003920161033e565b7f01663f24000000000000000000000000000000000000000000000000000000005f5260045ffd5b6040517f70a08231000000000000000000000000000000000000000000000000000000008152306004820152602081602481875afa90811561059d575f9161056b575b50916102be565b90506020813d602011610595575b81610586602093836107ae565b810103126100bc575184610564565b3d9150610579565b6040513d5f823e3d90fd5b7ff170c67f000000000000000000000000000000000000000000000000000000005f5260045ffd5b9050604051907ffe465807000000000000000000000000000000000000000000000000000000008252600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa90811561059d575f91610653575b50158461029a565b90506020813d602011610686575b8161066e602093836107ae565b810103126100bc575180151581036100bc578461064b565b3d9150610661565b90506020813d6020116106d5575b816106a9602093836107ae565b810103126100bc575173ffffffffffffffffffffffffffffffffffffffff811681036100bc5785610278565b3d915061069c565b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc57610714610768565b73ffffffffffffffffffffffffffffffffffffffff61073161078b565b91165f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b6004359073ffffffffffffffffffffffffffffffffffffffff821682036100bc57565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036100bc57565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff8211176107ef57604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b919082039182116103c957565b80518210156104955760209160051b010190565b91908110156104955760061b0190565b3573ffffffffffffffffffffffffffffffffffffffff811681036100bc5790565b60027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0054146108bd5760027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055565b7f3ee5aeb5000000000000000000000000000000000000000000000000000000005f5260045ffd5b67ffffffffffffffff81116107ef5760051b60200190565b3561ffff811681036100bc5790565b73ffffffffffffffffffffffffffffffffffffffff1691825f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff83165f5260205260405f2054908115610b3357835f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff84165f526020525f6040812055835f52600160205260405f2061099a83825461081c565b905573ffffffffffffffffffffffffffffffffffffffff81168093857fa4195c37c2947bbe89165f03e320b6903116f0b10d8cfdb522330f7ce6f9fa24602073ffffffffffffffffffffffffffffffffffffffff604051948886521693a483610a96575f80939450809281925af13d15610a91573d67ffffffffffffffff81116107ef5760405190610a5460207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f84011601836107ae565b81525f60203d92013e5b15610a665750565b7fb6c30e5f000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b610a5e565b50604051917fa9059cbb000000000000000000000000000000000000000000000000000000005f5260045260245260205f60448180865af19060015f5114821615610b12575b60405215610ae75750565b7f5274afe7000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b906001811516610b2a57823b15153d15161690610adc565b503d5f823e3d90fd5b73ffffffffffffffffffffffffffffffffffffffff837f751b0fda000000000000000000000000000000000000000000000000000000005f521660045260245ffd",
}

// Royalty is an auto generated Go binding around an Ethereum contract.
type Royalty struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Royalty) GetABI() abi.ABI {
	return c.abi
}

// NewRoyalty creates a new instance of Royalty.
func NewRoyalty() *Royalty {
	parsed, err := RoyaltyMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Royalty{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Royalty) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address assets) returns()
func (royalty *Royalty) PackConstructor(assets common.Address) []byte {
	enc, err := royalty.abi.Pack("", assets)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackDistribute is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x505cabcb.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function distribute(address currency, bytes32 contentCommitment, (address,uint16)[] split) returns()
func (royalty *Royalty) PackDistribute(currency common.Address, contentCommitment [32]byte, split []Share) []byte {
	enc, err := royalty.abi.Pack("distribute", currency, contentCommitment, split)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDistribute is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x505cabcb.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function distribute(address currency, bytes32 contentCommitment, (address,uint16)[] split) returns()
func (royalty *Royalty) TryPackDistribute(currency common.Address, contentCommitment [32]byte, split []Share) ([]byte, error) {
	return royalty.abi.Pack("distribute", currency, contentCommitment, split)
}

// PackOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x28079e4a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function owed(address currency, address payee) view returns(uint256)
func (royalty *Royalty) PackOwed(currency common.Address, payee common.Address) []byte {
	enc, err := royalty.abi.Pack("owed", currency, payee)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x28079e4a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function owed(address currency, address payee) view returns(uint256)
func (royalty *Royalty) TryPackOwed(currency common.Address, payee common.Address) ([]byte, error) {
	return royalty.abi.Pack("owed", currency, payee)
}

// UnpackOwed is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x28079e4a.
//
// Solidity: function owed(address currency, address payee) view returns(uint256)
func (royalty *Royalty) UnpackOwed(data []byte) (*big.Int, error) {
	out, err := royalty.abi.Unpack("owed", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf940e385.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function withdraw(address currency, address payee) returns()
func (royalty *Royalty) PackWithdraw(currency common.Address, payee common.Address) []byte {
	enc, err := royalty.abi.Pack("withdraw", currency, payee)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf940e385.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function withdraw(address currency, address payee) returns()
func (royalty *Royalty) TryPackWithdraw(currency common.Address, payee common.Address) ([]byte, error) {
	return royalty.abi.Pack("withdraw", currency, payee)
}

// PackWithdrawTo is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6dce4ab0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function withdrawTo(address currency, address to) returns()
func (royalty *Royalty) PackWithdrawTo(currency common.Address, to common.Address) []byte {
	enc, err := royalty.abi.Pack("withdrawTo", currency, to)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWithdrawTo is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6dce4ab0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function withdrawTo(address currency, address to) returns()
func (royalty *Royalty) TryPackWithdrawTo(currency common.Address, to common.Address) ([]byte, error) {
	return royalty.abi.Pack("withdrawTo", currency, to)
}

// RoyaltyDistributed represents a Distributed event raised by the Royalty contract.
type RoyaltyDistributed struct {
	Currency common.Address
	Amount   *big.Int
	Raw      *types.Log // Blockchain specific contextual infos
}

const RoyaltyDistributedEventName = "Distributed"

// ContractEventName returns the user-defined event name.
func (RoyaltyDistributed) ContractEventName() string {
	return RoyaltyDistributedEventName
}

// UnpackDistributedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Distributed(address indexed currency, uint256 amount)
func (royalty *Royalty) UnpackDistributedEvent(log *types.Log) (*RoyaltyDistributed, error) {
	event := "Distributed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != royalty.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(RoyaltyDistributed)
	if len(log.Data) > 0 {
		if err := royalty.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range royalty.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// RoyaltyWithdrawn represents a Withdrawn event raised by the Royalty contract.
type RoyaltyWithdrawn struct {
	Currency common.Address
	Payee    common.Address
	To       common.Address
	Amount   *big.Int
	Raw      *types.Log // Blockchain specific contextual infos
}

const RoyaltyWithdrawnEventName = "Withdrawn"

// ContractEventName returns the user-defined event name.
func (RoyaltyWithdrawn) ContractEventName() string {
	return RoyaltyWithdrawnEventName
}

// UnpackWithdrawnEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Withdrawn(address indexed currency, address indexed payee, address indexed to, uint256 amount)
func (royalty *Royalty) UnpackWithdrawnEvent(log *types.Log) (*RoyaltyWithdrawn, error) {
	event := "Withdrawn"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != royalty.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(RoyaltyWithdrawn)
	if len(log.Data) > 0 {
		if err := royalty.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range royalty.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (royalty *Royalty) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], royalty.abi.Errors["NothingOwed"].ID.Bytes()[:4]) {
		return royalty.UnpackNothingOwedError(raw[4:])
	}
	if bytes.Equal(raw[:4], royalty.abi.Errors["NothingToDistribute"].ID.Bytes()[:4]) {
		return royalty.UnpackNothingToDistributeError(raw[4:])
	}
	if bytes.Equal(raw[:4], royalty.abi.Errors["PaymentRefused"].ID.Bytes()[:4]) {
		return royalty.UnpackPaymentRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], royalty.abi.Errors["ReentrancyGuardReentrantCall"].ID.Bytes()[:4]) {
		return royalty.UnpackReentrancyGuardReentrantCallError(raw[4:])
	}
	if bytes.Equal(raw[:4], royalty.abi.Errors["SafeERC20FailedOperation"].ID.Bytes()[:4]) {
		return royalty.UnpackSafeERC20FailedOperationError(raw[4:])
	}
	if bytes.Equal(raw[:4], royalty.abi.Errors["WrongAsset"].ID.Bytes()[:4]) {
		return royalty.UnpackWrongAssetError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// RoyaltyNothingOwed represents a NothingOwed error raised by the Royalty contract.
type RoyaltyNothingOwed struct {
	Payee common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NothingOwed(address payee)
func RoyaltyNothingOwedErrorID() common.Hash {
	return common.HexToHash("0x751b0fdaa408a0c7537afaf0af96a92598192bff093a0ad0f684a7c83bc223c9")
}

// UnpackNothingOwedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NothingOwed(address payee)
func (royalty *Royalty) UnpackNothingOwedError(raw []byte) (*RoyaltyNothingOwed, error) {
	out := new(RoyaltyNothingOwed)
	if err := royalty.abi.UnpackIntoInterface(out, "NothingOwed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RoyaltyNothingToDistribute represents a NothingToDistribute error raised by the Royalty contract.
type RoyaltyNothingToDistribute struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NothingToDistribute()
func RoyaltyNothingToDistributeErrorID() common.Hash {
	return common.HexToHash("0x01663f24c69a56aa4a7d46997f0f7596fe81571e45dabdd9880b3cd0801ccc4a")
}

// UnpackNothingToDistributeError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NothingToDistribute()
func (royalty *Royalty) UnpackNothingToDistributeError(raw []byte) (*RoyaltyNothingToDistribute, error) {
	out := new(RoyaltyNothingToDistribute)
	if err := royalty.abi.UnpackIntoInterface(out, "NothingToDistribute", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RoyaltyPaymentRefused represents a PaymentRefused error raised by the Royalty contract.
type RoyaltyPaymentRefused struct {
	To common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error PaymentRefused(address to)
func RoyaltyPaymentRefusedErrorID() common.Hash {
	return common.HexToHash("0xb6c30e5f0c557b120c5a0883d0096cc6767420d80c5f6be6285d840bc71edf68")
}

// UnpackPaymentRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error PaymentRefused(address to)
func (royalty *Royalty) UnpackPaymentRefusedError(raw []byte) (*RoyaltyPaymentRefused, error) {
	out := new(RoyaltyPaymentRefused)
	if err := royalty.abi.UnpackIntoInterface(out, "PaymentRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RoyaltyReentrancyGuardReentrantCall represents a ReentrancyGuardReentrantCall error raised by the Royalty contract.
type RoyaltyReentrancyGuardReentrantCall struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ReentrancyGuardReentrantCall()
func RoyaltyReentrancyGuardReentrantCallErrorID() common.Hash {
	return common.HexToHash("0x3ee5aeb571de7fc460830b4d0017439a1ca56fb0bc39062227ade4fe4a24c1ca")
}

// UnpackReentrancyGuardReentrantCallError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ReentrancyGuardReentrantCall()
func (royalty *Royalty) UnpackReentrancyGuardReentrantCallError(raw []byte) (*RoyaltyReentrancyGuardReentrantCall, error) {
	out := new(RoyaltyReentrancyGuardReentrantCall)
	if err := royalty.abi.UnpackIntoInterface(out, "ReentrancyGuardReentrantCall", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RoyaltySafeERC20FailedOperation represents a SafeERC20FailedOperation error raised by the Royalty contract.
type RoyaltySafeERC20FailedOperation struct {
	Token common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SafeERC20FailedOperation(address token)
func RoyaltySafeERC20FailedOperationErrorID() common.Hash {
	return common.HexToHash("0x5274afe73c98b4749fc91ffae6b7b574e7842cb2144a159e9377a5f20b32edf9")
}

// UnpackSafeERC20FailedOperationError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SafeERC20FailedOperation(address token)
func (royalty *Royalty) UnpackSafeERC20FailedOperationError(raw []byte) (*RoyaltySafeERC20FailedOperation, error) {
	out := new(RoyaltySafeERC20FailedOperation)
	if err := royalty.abi.UnpackIntoInterface(out, "SafeERC20FailedOperation", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// RoyaltyWrongAsset represents a WrongAsset error raised by the Royalty contract.
type RoyaltyWrongAsset struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongAsset()
func RoyaltyWrongAssetErrorID() common.Hash {
	return common.HexToHash("0xf170c67fbef37d60daa2c8494fe22631cd135dc228bcc58a8c645c15992ea504")
}

// UnpackWrongAssetError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongAsset()
func (royalty *Royalty) UnpackWrongAssetError(raw []byte) (*RoyaltyWrongAsset, error) {
	out := new(RoyaltyWrongAsset)
	if err := royalty.abi.UnpackIntoInterface(out, "WrongAsset", raw); err != nil {
		return nil, err
	}
	return out, nil
}
