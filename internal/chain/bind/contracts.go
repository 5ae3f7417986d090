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

// Delivery is an auto generated low-level Go binding around an user-defined struct.
type Delivery struct {
	OrderHash  [32]byte
	GrantHash  [32]byte
	EphemeralX *big.Int
	EphemeralY *big.Int
	Masked     [32]byte
}

// Order is an auto generated low-level Go binding around an user-defined struct.
type Order struct {
	Seller        common.Address
	TokenId       *big.Int
	PriceWei      *big.Int
	KeyCommitment [32]byte
	PayloadHash   [32]byte
	TermsHash     [32]byte
	EndsAt        uint64
	DeliverWithin uint32
	DisputeWithin uint32
	Salt          [32]byte
}

// Share is an auto generated low-level Go binding around an user-defined struct.
type Share struct {
	Payee common.Address
	Bps   uint16
}

// Trade is an auto generated low-level Go binding around an user-defined struct.
type Trade struct {
	State       uint8
	Seller      common.Address
	Buyer       common.Address
	PriceWei    *big.Int
	TokenId     *big.Int
	FilledAt    uint64
	DeliveredAt uint64
	DueAt       uint64
	RevokedAt   uint64
}

// AssetsMetaData contains all meta data concerning the Assets contract.
var AssetsMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"AlreadyEntered\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"parent\",\"type\":\"uint256\"}],\"name\":\"AlreadySucceeded\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"}],\"name\":\"BadSignature\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"BadSplit\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"receiver\",\"type\":\"address\"}],\"name\":\"ERC721InvalidReceiver\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"deadline\",\"type\":\"uint256\"}],\"name\":\"Expired\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"NoSuchToken\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotApproved\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"}],\"name\":\"NotOwner\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"}],\"name\":\"Over\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"SignatureCount\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroAddress\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"approved\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"Approval\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"bool\",\"name\":\"approved\",\"type\":\"bool\"}],\"name\":\"ApprovalForAll\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"_fromTokenId\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"_toTokenId\",\"type\":\"uint256\"}],\"name\":\"BatchMetadataUpdate\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[],\"name\":\"EIP712DomainChanged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"parent\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"bps\",\"type\":\"uint16\"}],\"indexed\":false,\"internalType\":\"structShare[]\",\"name\":\"split\",\"type\":\"tuple[]\"}],\"name\":\"Entered\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"_tokenId\",\"type\":\"uint256\"}],\"name\":\"MetadataUpdate\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"parent\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"child\",\"type\":\"uint256\"}],\"name\":\"Succeeded\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"Transfer\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"}],\"name\":\"Witnessed\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"DOMAIN_SEPARATOR\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"approve\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"balanceOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"domainSeparator\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"parent\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"bps\",\"type\":\"uint16\"}],\"internalType\":\"structShare[]\",\"name\":\"split\",\"type\":\"tuple[]\"},{\"internalType\":\"bytes[]\",\"name\":\"signatures\",\"type\":\"bytes[]\"}],\"name\":\"enter\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"parent\",\"type\":\"bytes32\"}],\"name\":\"enterAsCreator\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"entered\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"getApproved\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"}],\"name\":\"isApprovedForAll\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"parent\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"bps\",\"type\":\"uint16\"}],\"internalType\":\"structShare[]\",\"name\":\"split\",\"type\":\"tuple[]\"},{\"internalType\":\"bytes[]\",\"name\":\"signatures\",\"type\":\"bytes[]\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"name\":\"materialise\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"parent\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"creator\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"name\":\"materialiseSingle\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"name\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"nonces\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"ownerOf\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"deadline\",\"type\":\"uint256\"},{\"internalType\":\"bytes\",\"name\":\"signature\",\"type\":\"bytes\"}],\"name\":\"permit\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"royalties\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"salePrice\",\"type\":\"uint256\"}],\"name\":\"royaltyInfo\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"receiver\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"safeTransferFrom\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"bytes\",\"name\":\"data\",\"type\":\"bytes\"}],\"name\":\"safeTransferFrom\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"operator\",\"type\":\"address\"},{\"internalType\":\"bool\",\"name\":\"approved\",\"type\":\"bool\"}],\"name\":\"setApprovalForAll\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"parent\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"child\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"},{\"internalType\":\"bytes\",\"name\":\"signature\",\"type\":\"bytes\"}],\"name\":\"succeed\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"successorOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes4\",\"name\":\"interfaceId\",\"type\":\"bytes4\"}],\"name\":\"supportsInterface\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"symbol\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"bps\",\"type\":\"uint16\"}],\"internalType\":\"structShare[]\",\"name\":\"split\",\"type\":\"tuple[]\"}],\"name\":\"tokenOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"tokenURI\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"}],\"name\":\"transferFrom\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"}],\"name\":\"witness\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "8f2c9aef4b12e754f755959dab335b34dd",
	Bin: "0x60e0346101415760208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f016a34e79dfeec5ef052e7432716d28f46817f9e9e0c76e4f2e56ca57a0ad1d160408201527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201523060a082015260a0815260c081019181831060018060401b0384111761012d576040839052815190206080524660a05261105f8082019160c083016001600160401b0381119085111761012d5760c091613346853960bf1992030101905ff08015610122576001600160a01b031660c0526040516132009081610146823960805181612523015260a051816124fd015260c05181818161020d01526113350152f35b6040513d5f823e3d90fd5b634e487b7160e01b5f52604160045260245ffd5b5f80fdfe6080806040526004361015610012575f80fd5b5f3560e01c90816301ffc9a714611dc9575080630396b8be14611d1c57806306fdde0314611c9f578063072bdb5514611b60578063081812fc14611af8578063095ea7b3146119b4578063114ee1971461195c578063141a468c14611908578063156a28b4146117ed5780631dce763c1461168357806323b872dd1461166c57806327b99ad51461140c5780632a55205a146112b85780633644e515146101be57806342842e0e146112835780636352211e1461122957806370a08231146111c0578063745a41bc14610ee557806384b0196e14610dc65780638571428c14610d7e57806395d89b4114610d3157806399d25b9114610c42578063a22cb46514610b49578063b88d4fde14610a9d578063c87b56dd146102c2578063e985e9c514610231578063f053dc5c146101c3578063f698da25146101be5763fe4658071461015b575f80fd5b346101ba5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba576004355f525f602052602073ffffffffffffffffffffffffffffffffffffffff60405f2054161515604051908152f35b5f80fd5b6120f5565b346101ba575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba57602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b346101ba5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba5761026861200f565b73ffffffffffffffffffffffffffffffffffffffff610285612032565b91165f52600360205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060ff60405f2054166040519015158152f35b346101ba5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba576004356102fd81612467565b50805f52600460205260405f205460409182519061031b848361212d565b600b825260208201927f53494e534f206173736574000000000000000000000000000000000000000000845284519061035560808361212d565b60458252602082017f4120726967687420696e20646174612074686174206973206e6f74206f6e207481527f686520636861696e2e2054686520746f6b656e20494420636f6d6d6974732074878401527f6f2069742e00000000000000000000000000000000000000000000000000000060608401526060875f5b6008811061086a575061050e600660aa83610513957f30302f737667222076696577426f783d222d3332202d3332203634203634222095519586927f3c73766720786d6c6e733d22687474703a2f2f7777772e77332e6f72672f323060208501528301527f66696c6c3d226e6f6e6522207374726f6b652d77696474683d2232223e00000060608301527f3c706174682066696c6c3d22233136323032612220643d224d2d33322d333268607d8301527f3634763634682d36347a222f3e00000000000000000000000000000000000000609d8301526104b98151809260208686019101611f49565b81017f3c2f7376673e00000000000000000000000000000000000000000000000000008382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe681018452018261212d565b613057565b90875192610587603a8560208101957f646174613a696d6167652f7376672b786d6c3b6261736536342c00000000000087526105588151809260208686019101611f49565b810103017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0810186528561212d565b6105f6602b8a5180956105c760208301987f222c22696d616765223a220000000000000000000000000000000000000000008a5251809285850190611f49565b810103017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0810185528461212d565b806107e75750610615885161060c60208261212d565b5f815295612f91565b938851978897602089017f7b226e616d65223a220000000000000000000000000000000000000000000000905251908160298a0161065292611f49565b870190602982017f222c226465736372697074696f6e223a220000000000000000000000000000009052519182603a830161068c92611f49565b0160290190519182601183016106a192611f49565b016011017f222c2270726f70657274696573223a7b22636f6d6d69746d656e74223a2230788152815191826020830191602001916106de92611f49565b01815191826020830191602001916106f592611f49565b016020017f227d7d00000000000000000000000000000000000000000000000000000000008152037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe38101825260030161074f908261212d565b61075890613057565b9080518092602082017f646174613a6170706c69636174696f6e2f6a736f6e3b6261736536342c000000905280519081603d8401916020019161079a92611f49565b810103603d017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0810183526107cf908361212d565b51809160208252602082016107e391611f6a565b0390f35b6107f361061591612f91565b61086460318b5180937f222c22737563636573736f72223a22307800000000000000000000000000000060208301526108358151809260208686019101611f49565b810103017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0810183528261212d565b95612f91565b90507f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81168103610a70578060051b60e00360e08111610a705786901c81600302600381048303610a7057601d0390601d8211610a7057610a68600360198d96601d88601f61092897600b6108e060019b612f13565b60206108f861ffff610168818760101c160616612f13565b918161091460ff61090d818960081c16612f13565b9716612f13565b97519d8e8b83829d51948593019101611f49565b89017f3c636972636c6520723d22000000000000000000000000000000000000000000838201526109628251809385602b85019101611f49565b01017f2220706174684c656e6774683d2232353622207374726f6b653d2268736c28008382015261099d825180936020602a85019101611f49565b01017f2c3730252c3630252922207374726f6b652d6461736861727261793d22000000838201526109d8825180936020603c85019101611f49565b01017f2032353622207374726f6b652d646173686f66667365743d220000000000000083820152610a13825180936020603685019101611f49565b01017f222f3e00000000000000000000000000000000000000000000000000000000008382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe381018452018261212d565b9291016103d0565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b346101ba5760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba57610ad461200f565b610adc612032565b60443560643567ffffffffffffffff81116101ba57610aff9036906004016120c7565b929093610b0d838383612270565b610b168461216e565b93610b24604051958661212d565b80855236818701116101ba576020815f92610b4798838901378601015233612b4e565b005b346101ba5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba57610b8061200f565b602435908115158092036101ba5773ffffffffffffffffffffffffffffffffffffffff16908115610c1a57335f52600360205260405f20825f5260205260405f207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0081541660ff83161790556040519081527f17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c3160203392a3005b7fd92e233d000000000000000000000000000000000000000000000000000000005f5260045ffd5b346101ba5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba5760243567ffffffffffffffff81116101ba57610c91903690600401611fad565b610c9b8183612cfe565b8015610d045781610cba610cfc92610cb46020956121b8565b92612e04565b9060043591608092604051927f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff0384526020840152604083015260608201522090565b604051908152f35b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b346101ba575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba576107e3610d6a6124bf565b604051918291602083526020830190611f6a565b346101ba5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba576004355f526004602052602060405f2054604051908152f35b346101ba575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba57610e896020604051610e06828261212d565b5f81525f368137610e156124bf565b91610e97604051610e2760408261212d565b600181527f3100000000000000000000000000000000000000000000000000000000000000838201526040519586957f0f00000000000000000000000000000000000000000000000000000000000000875260e08588015260e0870190611f6a565b908582036040870152611f6a565b4660608501523060808501525f60a085015283810360c08501528180845192838152019301915f5b828110610ece57505050500390f35b835185528695509381019392810192600101610ebf565b346101ba5760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba57610f1c61200f565b602435906044359060643567ffffffffffffffff81116101ba57610f449036906004016120c7565b845f939293525f60205260405f2092604051936040850185811067ffffffffffffffff82111761119357604052549273ffffffffffffffffffffffffffffffffffffffff8416808652602086019460a01c8552156111675785421161113b579061104c92916bffffffffffffffffffffffff855116966040519073ffffffffffffffffffffffffffffffffffffffff60208301937f49ecf333e5b8c95c40fdafc95c1ad136e8914a8fb55e9dc8bb01eaa83a2df9ad855216988960408401528a6060840152608083015260a082015260a0815261102260c08261212d565b51902061104673ffffffffffffffffffffffffffffffffffffffff8751169161268f565b90612965565b156110f85780516bffffffffffffffffffffffff9081166001011681525f848152602081815260408083208551945160a01b7fffffffffffffffffffffffff000000000000000000000000000000000000000090811673ffffffffffffffffffffffffffffffffffffffff9687161790915560029092528220805490911685179055915116907f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b9259080a4005b73ffffffffffffffffffffffffffffffffffffffff8251167f9a7d38d9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b857ff80dbaea000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b867f1ff907f8000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b346101ba5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba5773ffffffffffffffffffffffffffffffffffffffff61120c61200f565b168015610c1a575f526001602052602060405f2054604051908152f35b346101ba5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba576020611265600435612467565b73ffffffffffffffffffffffffffffffffffffffff60405191168152f35b346101ba57610b4761129436612055565b906112a0828285612270565b604051926112af60208561212d565b5f845233612b4e565b346101ba5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba576024356040517ff31d8c31000000000000000000000000000000000000000000000000000000008152600435600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa908115611401575f916113ae575b5061138c826127106113858161137e8160409804612b29565b9306612b29565b0490612b41565b73ffffffffffffffffffffffffffffffffffffffff8351921682526020820152f35b90506020813d6020116113f9575b816113c96020938361212d565b810103126101ba57519073ffffffffffffffffffffffffffffffffffffffff821682036101ba579061138c611365565b3d91506113bc565b6040513d5f823e3d90fd5b346101ba5760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba576004356024356044359167ffffffffffffffff83168093036101ba5760643567ffffffffffffffff81116101ba576114779036906004016120c7565b61148083612467565b91845f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f205416158015611663575b61163757835f52600460205260405f205461160b5773ffffffffffffffffffffffffffffffffffffffff831692833303611540575b7ff8e1a15aba9398e019f0b49df1a4fde98ee17ae345cb5f6b5e2c27f5033e8ce760208787805f52600483528160405f205560405191817f12af11401ea608ef2bbd8912346dc2b344d8d49c3f4a6b9f65b15d3577b40f775f80a38152a1005b8642116115df576110466115a49495969760405160208101917f4a1eb9c98c4d95688b07ae6e81ad9a40a51347a44165c7a7ebab1ec323331ba683528960408301528a606083015260808201526080815261159c60a08261212d565b51902061268f565b156115b4579081808085946114e0565b7f9a7d38d9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b867fc88569d6000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b837f1e36f7a1000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b847f1ff907f8000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b508385146114ab565b346101ba57610b4761167d36612055565b91612270565b346101ba5760c07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba5760443573ffffffffffffffffffffffffffffffffffffffff81166004356024358284036101ba576084359260a43567ffffffffffffffff81116101ba5773ffffffffffffffffffffffffffffffffffffffff6117c661178f9661171a85943690600401611fde565b6117876117478c9b939b608090604051906020825260016020830152604082015261271060608201522090565b8c8b91608092604051927f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff0384526020840152604083015260608201522090565b99888b6128c5565b907f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169160ff601b60643593821c011690612e50565b505016148015906117e5575b6115b4575092610cfc91602094846125dd565b5080156117d2565b346101ba5760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba5760043560243560443567ffffffffffffffff81116101ba57611842903690600401611fad565b91909260643567ffffffffffffffff81116101ba57611865903690600401611fde565b6084949194359067ffffffffffffffff82116101ba576118a99583886118926118ae953690600401611fde565b6118a084848b9d949d612624565b509a8a8c6128c5565b6126d0565b8015610d04578484926118fd7f7af75e6f4f2eb3d1ed3aceec74de714b6fd95dfc68141421e120781a223dec00936118f16118ea60209a6121b8565b88886127ec565b60405193849384612256565b0390a3604051908152f35b346101ba5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba5760043561194381612467565b505f525f602052602060405f205460a01c604051908152f35b346101ba5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba576004357f2f0cff726c8cc5cab82cdfd7a8fd6fdfd368b07a78e3eec3c51e773e7930cfc05f80a2005b346101ba5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba576119eb61200f565b6024359073ffffffffffffffffffffffffffffffffffffffff611a0d83612467565b16908133141580611ac1575b611a915773ffffffffffffffffffffffffffffffffffffffff90835f52600260205260405f208282167fffffffffffffffffffffffff000000000000000000000000000000000000000082541617905516907f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b9255f80a4005b827fc54fa5a5000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b50815f52600360205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260ff60405f20541615611a19565b346101ba5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba57600435611b3381612467565b505f526002602052602073ffffffffffffffffffffffffffffffffffffffff60405f205416604051908152f35b346101ba5760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba5760243560043560443567ffffffffffffffff81116101ba57611bb5903690600401611fad565b92909160643567ffffffffffffffff81116101ba57611bd8903690600401611fde565b9093611be5868285612624565b9390958715610d045787611c937f7af75e6f4f2eb3d1ed3aceec74de714b6fd95dfc68141421e120781a223dec00956118fd9360209b876118a98c8e9c611c2b846121b8565b9160405191602073ffffffffffffffffffffffffffffffffffffffff908401947f29f6a94b8149c601033986f90ca4ef75e0ed25f4c93756b49af692d9db85c87b86521660408401528c6060840152608083015260a082015260a0815261159c60c08261212d565b6118f16118ea856121b8565b346101ba575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba576107e3604051611cde60408261212d565b600c81527f53494e534f2061737365747300000000000000000000000000000000000000006020820152604051918291602083526020830190611f6a565b346101ba5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba576020600435610cfc611dbd611d7d33608090604051906020825260016020830152604082015261271060608201522090565b338491608092604051927f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff0384526020840152604083015260608201522090565b913390602435846125dd565b346101ba5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba57600435907fffffffff0000000000000000000000000000000000000000000000000000000082168092036101ba57817f01ffc9a70000000000000000000000000000000000000000000000000000000060209314908115611f1f575b8115611ef5575b8115611ecb575b8115611ea1575b8115611e77575b5015158152f35b7f490649060000000000000000000000000000000000000000000000000000000091501483611e70565b7f5604e2250000000000000000000000000000000000000000000000000000000081149150611e69565b7f2a55205a0000000000000000000000000000000000000000000000000000000081149150611e62565b7f5b5e139f0000000000000000000000000000000000000000000000000000000081149150611e5b565b7f80ac58cd0000000000000000000000000000000000000000000000000000000081149150611e54565b5f5b838110611f5a5750505f910152565b8181015183820152602001611f4b565b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602093611fa681518092818752878088019101611f49565b0116010190565b9181601f840112156101ba5782359167ffffffffffffffff83116101ba576020808501948460061b0101116101ba57565b9181601f840112156101ba5782359167ffffffffffffffff83116101ba576020808501948460051b0101116101ba57565b6004359073ffffffffffffffffffffffffffffffffffffffff821682036101ba57565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036101ba57565b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc60609101126101ba5760043573ffffffffffffffffffffffffffffffffffffffff811681036101ba579060243573ffffffffffffffffffffffffffffffffffffffff811681036101ba579060443590565b9181601f840112156101ba5782359167ffffffffffffffff83116101ba57602083818601950101116101ba57565b346101ba575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ba576020610cfc6124fa565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761119357604052565b67ffffffffffffffff811161119357601f017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01660200190565b9190811015610d045760061b0190565b3573ffffffffffffffffffffffffffffffffffffffff811681036101ba5790565b916020908281520191905f905b8082106121f35750505090565b909192833573ffffffffffffffffffffffffffffffffffffffff811681036101ba5773ffffffffffffffffffffffffffffffffffffffff16815260208401359061ffff82168092036101ba576040816001936020839401520194019201906121e6565b60409061226d9492815281602082015201916121d9565b90565b73ffffffffffffffffffffffffffffffffffffffff8216918215610c1a57835f525f60205260405f2090815473ffffffffffffffffffffffffffffffffffffffff81169384156111675773ffffffffffffffffffffffffffffffffffffffff169384810361243757865f52600260205273ffffffffffffffffffffffffffffffffffffffff60405f2054169080331415908161242c575b816123f4575b506123c4579060019161238d575b845f528160205260405f207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8154019055855f528160205260405f2082815401905560a01c0160a01b1790557fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef5f80a4565b865f52600260205260405f207fffffffffffffffffffffffff0000000000000000000000000000000000000000815416905561231b565b867fc54fa5a5000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b90505f52600360205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260ff60405f205416155f61230d565b338314159150612307565b84877fb9c08761000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b90815f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2054169182156124945750565b7f1ff907f8000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b604051906124ce60408361212d565b600582527f53494e534f0000000000000000000000000000000000000000000000000000006020830152565b467f000000000000000000000000000000000000000000000000000000000000000003612545577f000000000000000000000000000000000000000000000000000000000000000090565b60405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f016a34e79dfeec5ef052e7432716d28f46817f9e9e0c76e4f2e56ca57a0ad1d160408201527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201523060a082015260a081526125d760c08261212d565b51902090565b9160609061260e7f7af75e6f4f2eb3d1ed3aceec74de714b6fd95dfc68141421e120781a223dec00939586866127ec565b604051908152604060208201525f6040820152a3565b9061262f8382612cfe565b6126398382612e04565b9215610d045761268c9161264d84926121b8565b9091608092604051927f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff0384526020840152604083015260608201522090565b91565b60429061269a6124fa565b90604051917f19010000000000000000000000000000000000000000000000000000000000008352600283015260228201522090565b93909192938382036127c4575f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe186360301905b8581106127145750505050505050565b6127276127228288886121a8565b6121b8565b84821015610d04578160051b880135838112156101ba57880180359067ffffffffffffffff82116101ba5760200181360381136101ba578561276893612965565b1561277557600101612704565b61279861272273ffffffffffffffffffffffffffffffffffffffff9288886121a8565b7f9a7d38d9000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b7f92a7d4f9000000000000000000000000000000000000000000000000000000005f5260045ffd5b91908015158061289c575b6124945750815f525f60205260405f20818154918215612894575b50506128685773ffffffffffffffffffffffffffffffffffffffff16805f52600160205260405f20600181540190555f7fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef8180a4565b507fe98ed758000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b55815f612812565b50805f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f205416156127f7565b5f5260205260405f205f5260205f209160051b81015b8082106129165750507fff44cdf6fe2608c296bfcc0e3f316d8433af53f70b4c06248b686111a00427a45f5260205261226d60405f2061268f565b9091602083359182811160051b9081521852602060405f209201906128db565b3d15612960573d906129478261216e565b91612955604051938461212d565b82523d5f602084013e565b606090565b90612971848483612edf565b506004811015612afc57159081612ad9575b50612ad057813b15612ac85783612a3960845f96957fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f899860405196879460208601997f1626ba7e000000000000000000000000000000000000000000000000000000008b5260248701526040604487015281606487015286860137898582860101520116810103017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0810183528261212d565b51915afa612a45612936565b81612aba575b81612a54575090565b7f1626ba7e000000000000000000000000000000000000000000000000000000009150602081519101519060208110612a8c57501490565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9060200360031b1b161490565b905060208151101590612a4b565b505050505f90565b50505050600190565b905073ffffffffffffffffffffffffffffffffffffffff8084169116145f612983565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b906103e88202918083046103e81490151715610a7057565b91908201809211610a7057565b93909293823b612b60575b5050505050565b612bcd73ffffffffffffffffffffffffffffffffffffffff928360209516968460405197889687967f150b7a020000000000000000000000000000000000000000000000000000000088521660048701521660248501526044840152608060648401526084830190611f6a565b03815f865af15f9181612ca1575b50612c225750612be9612936565b80519081612c1d57827f64a0ae92000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b602001fd5b7fffffffff000000000000000000000000000000000000000000000000000000007f150b7a0200000000000000000000000000000000000000000000000000000000911603612c7657505f80808080612b59565b7f64a0ae92000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b9091506020813d602011612cf6575b81612cbd6020938361212d565b810103126101ba57517fffffffff00000000000000000000000000000000000000000000000000000000811681036101ba57905f612bdb565b3d9150612cb0565b91909182158015612dfa575b612d29575f905f905b848210612d5157505061271091925003612d2957565b7fbc4f33a3000000000000000000000000000000000000000000000000000000005f5260045ffd5b9091612d616127228487856121a8565b906020612d6f8588866121a8565b01359161ffff83168093036101ba5773ffffffffffffffffffffffffffffffffffffffff1680158015612df2575b612d29575f5b858110612dc0575050600191612db891612b41565b920190612d13565b8173ffffffffffffffffffffffffffffffffffffffff612de4612722848c8a6121a8565b1614612d2957600101612da3565b508215612d9d565b5060408311612d0a565b6125d7612e249160405192839160208301956020875260408401916121d9565b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0810183528261212d565b91907f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a08411612ed4579160209360809260ff5f9560405194855216868401526040830152606082015282805260015afa15611401575f5173ffffffffffffffffffffffffffffffffffffffff811615612eca57905f905f90565b505f906001905f90565b5050505f9160039190565b9060418303612f0957612f029250602081013591604082359201355f1a90612e50565b9192909190565b50505f9160029190565b9060609060015b15612f87575b5f91600a84066030019081603011610a7057612f7e6021600a937fff000000000000000000000000000000000000000000000000000000000000009360405194859260f81b1660208301526108358151809260208686019101611f49565b93049291612f1a565b82612f2057909150565b90604051612fa060608261212d565b60408082523660208301378092604090815b612fbb57505050565b600f81166010811015610d04577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8301838111610a705784511115610d04577f3031323334353637383961626364656600000000000000000000000000000000901a601f838501015360041c908015610a70577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff019081612fb2565b908151156131ea57815160028101809111610a705760039004908160021b917f3fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff811603610a7057604051917f4142434445464748494a4b4c4d4e4f505152535455565758595a616263646566601f527f6768696a6b6c6d6e6f707172737475767778797a303132333435363738392b2f603f52602083018480518101602081018051915f82525b8089106131ae575060209596975090600392915251068060011461315c57600214613130575b50808452830101604052565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff603d9101535f613124565b507ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe81603d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8194015301535f613124565b939760036004910198603f8a51818160121c165183538181600c1c16516001840153818160061c165160028401531651600382015301936130fe565b90506040516131fa60208261212d565b5f8152905660a08060405234607257610ca6818101906001600160401b03821183831017605e5760209183916103b983393381520301905ff0801560535760805260405161034290816100778239608051816102e20152f35b6040513d5f823e3d90fd5b634e487b7160e01b5f52604160045260245ffd5b5f80fdfe60806040526004361015610011575f80fd5b5f3560e01c8063690e7c091461008d5763f31d8c311461002f575f80fd5b346100895760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261008957602061006b6004356101d0565b73ffffffffffffffffffffffffffffffffffffffff60405191168152f35b5f80fd5b346100895760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261008957602060043561006b6100cd826101d0565b91823b61015f5773ffffffffffffffffffffffffffffffffffffffff816100f261024a565b6020815191015ff581851691829116036101335760207f847f8fd85298087d02af13b20edb8f1520738e104f0a85649c4b00241dbb103c91604051908152a2565b507fb28664a9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b50565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff8211176101a357604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b73ffffffffffffffffffffffffffffffffffffffff906101ee61024a565b602081519101206040519060208201927fff0000000000000000000000000000000000000000000000000000000000000084523060601b60218401526035830152605582015260558152610243607582610162565b5190201690565b6040517f3d603380600a3d3981f30000000000000000000000000000000000000000000060208201527f36600557005b0000000000000000000000000000000000000000000000000000602a8201527f363d3d373d3d3d363d730000000000000000000000000000000000000000000060308201527fffffffffffffffffffffffffffffffffffffffff0000000000000000000000007f000000000000000000000000000000000000000000000000000000000000000060601b16603a8201527f5af43d82803e903d91603157fd5bf30000000000000000000000000000000000604e820152603d815261033f605d82610162565b905660c034609957601f610ca638819003918201601f19168301916001600160401b03831184841017609d57808492602094604052833981010312609957516001600160a01b0381169081900360995760017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00556080523360a052604051610bf490816100b2823960805181610610015260a051816102840152f35b5f80fd5b634e487b7160e01b5f52604160045260245ffdfe60806040526004361015610011575f80fd5b5f3560e01c806328079e4a1461071e578063505cabcb146101125780636dce4ab0146100c05763f940e38514610045575f80fd5b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc5761009661007f6107a9565b6100876107cc565b80916100916108e9565b610978565b60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055005b5f80fd5b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc576100966100fa6107a9565b6101026107cc565b9061010b6108e9565b3390610978565b346100bc5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc576101496107a9565b60443567ffffffffffffffff81116100bc57366023820112156100bc5780600401359167ffffffffffffffff83116100bc576024820191602436918560061b0101116100bc576101976108e9565b821561059d576101a6826108bb565b60405160208101908560408201602084525260608101855f5b8881106106d2575050906101fe816080959493037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826107ef565b519020604051917f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff038352602083015260243560408301526060820152206040517ff31d8c3100000000000000000000000000000000000000000000000000000000815281600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa908115610592575f91610683575b5073ffffffffffffffffffffffffffffffffffffffff163014801591906105c5575b5061059d5773ffffffffffffffffffffffffffffffffffffffff16806105165747915b815f52600160205260405f2054808411156104ee57825f5260016020528360405f2055610326818561085d565b9061033086610960565b9161033e60405193846107ef565b86835261034a87610960565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe060208501910136823760016127108084069084045b8a83106104835750505083511561045657525f5b82518110156103fb57806103aa60019285610897565b51865f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff6103de6103d9858d8b6108ab565b6108bb565b165f526020526103f360405f209182546108dc565b905501610394565b847fb649c98f58055c520df0dcb5709eff2e931217ff2fb1e21376130d31bbb1c0af6020610429858a61085d565b604051908152a260017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b9091936020610493868d8b6108ab565b013561ffff81168091036100bc576001916104c9826127106104c26104bb6104e59689610be1565b9289610be1565b04906108dc565b6104d3888b610897565b526104de878a610897565b519061085d565b94019190610380565b7f01663f24000000000000000000000000000000000000000000000000000000005f5260045ffd5b6040517f70a08231000000000000000000000000000000000000000000000000000000008152306004820152602081602481855afa908115610592575f91610560575b50916102f9565b90506020813d60201161058a575b8161057b602093836107ef565b810103126100bc575184610559565b3d915061056e565b6040513d5f823e3d90fd5b7ff170c67f000000000000000000000000000000000000000000000000000000005f5260045ffd5b9050604051907ffe465807000000000000000000000000000000000000000000000000000000008252600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa908115610592575f91610648575b5015846102d6565b90506020813d60201161067b575b81610663602093836107ef565b810103126100bc575180151581036100bc5784610640565b3d9150610656565b90506020813d6020116106ca575b8161069e602093836107ef565b810103126100bc575173ffffffffffffffffffffffffffffffffffffffff811681036100bc57856102b4565b3d9150610691565b9091823573ffffffffffffffffffffffffffffffffffffffff81168091036100bc57815260208301359061ffff82168092036100bc5760408160019360208394015201930191016101bf565b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc576107556107a9565b73ffffffffffffffffffffffffffffffffffffffff6107726107cc565b91165f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b6004359073ffffffffffffffffffffffffffffffffffffffff821682036100bc57565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036100bc57565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761083057604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b9190820391821161086a57565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b80518210156104565760209160051b010190565b91908110156104565760061b0190565b3573ffffffffffffffffffffffffffffffffffffffff811681036100bc5790565b9190820180921161086a57565b60027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0054146109385760027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055565b7f3ee5aeb5000000000000000000000000000000000000000000000000000000005f5260045ffd5b67ffffffffffffffff81116108305760051b60200190565b73ffffffffffffffffffffffffffffffffffffffff1691825f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff83165f5260205260405f2054908115610b9f57835f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff84165f526020525f6040812055835f52600160205260405f20610a0683825461085d565b905573ffffffffffffffffffffffffffffffffffffffff81168093857fa4195c37c2947bbe89165f03e320b6903116f0b10d8cfdb522330f7ce6f9fa24602073ffffffffffffffffffffffffffffffffffffffff604051948886521693a483610b02575f80939450809281925af13d15610afd573d67ffffffffffffffff81116108305760405190610ac060207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f84011601836107ef565b81525f60203d92013e5b15610ad25750565b7fb6c30e5f000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b610aca565b50604051917fa9059cbb000000000000000000000000000000000000000000000000000000005f5260045260245260205f60448180865af19060015f5114821615610b7e575b60405215610b535750565b7f5274afe7000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b906001811516610b9657823b15153d15161690610b48565b503d5f823e3d90fd5b73ffffffffffffffffffffffffffffffffffffffff837f751b0fda000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b8181029291811591840414171561086a5756",
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
// the contract method with ID 0x1dce763c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function materialiseSingle(bytes32 contentCommitment, bytes32 parent, address creator, bytes32 r, bytes32 vs, bytes32[] proof) returns(uint256 tokenId)
func (assets *Assets) PackMaterialiseSingle(contentCommitment [32]byte, parent [32]byte, creator common.Address, r [32]byte, vs [32]byte, proof [][32]byte) []byte {
	enc, err := assets.abi.Pack("materialiseSingle", contentCommitment, parent, creator, r, vs, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMaterialiseSingle is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1dce763c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function materialiseSingle(bytes32 contentCommitment, bytes32 parent, address creator, bytes32 r, bytes32 vs, bytes32[] proof) returns(uint256 tokenId)
func (assets *Assets) TryPackMaterialiseSingle(contentCommitment [32]byte, parent [32]byte, creator common.Address, r [32]byte, vs [32]byte, proof [][32]byte) ([]byte, error) {
	return assets.abi.Pack("materialiseSingle", contentCommitment, parent, creator, r, vs, proof)
}

// UnpackMaterialiseSingle is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x1dce763c.
//
// Solidity: function materialiseSingle(bytes32 contentCommitment, bytes32 parent, address creator, bytes32 r, bytes32 vs, bytes32[] proof) returns(uint256 tokenId)
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
	Bin: "0x60c0346100df57602081017f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f81527f016a34e79dfeec5ef052e7432716d28f46817f9e9e0c76e4f2e56ca57a0ad1d160408301527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608301524660808301523060a083015260a0825260c082019180831060018060401b038411176100cb57826040525190206080524660a05261272a90816100e4823960805181611e49015260a05181611e230152f35b634e487b7160e01b5f52604160045260245ffd5b5f80fdfe6080806040526004361015610012575f80fd5b5f3560e01c90816301ffc9a7146119925750806306fdde0314611945578063081812fc1461190b578063095ea7b3146118ab578063144e5aab1461182f57806317749e7a1461167e57806323b872dd146116055780634125ff9014611643578063422c1d371461160a57806342842e0e1461160557806342ec38e2146115c45780636352211e1461156a57806370a08231146114ca5780638320e9ed1461128357806384b0196e1461113857806395d89b41146110bb5780639f81aed714611080578063a22cb46514611015578063b45a3c0e14610fcf578063b88d4fde14610f44578063c634562614610f03578063c87b56dd14610b4e578063d353a1cb14610915578063d984d13814610489578063dd509693146102b9578063e985e9c51461026e578063f698da2514610236578063f7cfc383146101ce5763fa1a1b251461015b575f80fd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca576004355f5260026020526040805f205467ffffffffffffffff82519173ffffffffffffffffffffffffffffffffffffffff8116835260a01c166020820152f35b5f80fd5b346101ca5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760243567ffffffffffffffff81116101ca5761022e6102226020923690600401611c21565b60443591600435611f2e565b604051908152f35b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57602061022e611e20565b346101ca5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca576102a5611b14565b506102ae611b37565b5060206040515f8152f35b346101ca5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca576102f0611b14565b60243567ffffffffffffffff81116101ca57610310903690600401611b5a565b9061031a83611d2e565b91825f525f60205260405f2091825473ffffffffffffffffffffffffffffffffffffffff8116159081159161047b575b5061043957937f032bc66be43dbccb7487781d168eb7bda224628a3b2c3388bdf69b532a3a1611926103db602096938794604051948686017f9afe3505a86b2d18e87cc320c370f225d9834d3bf326a175363ac8f43f892a2b815273ffffffffffffffffffffffffffffffffffffffff821696876040820152604081526103d2606082611c9b565b5190209061219a565b817fffffffffffffffffffffffff000000000000000000000000000000000000000082541617905583604051915f7fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef8180a4838152a1604051908152f35b73ffffffffffffffffffffffffffffffffffffffff857fcace2695000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b60ff915060e01c168661034a565b346101ca576101007ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca576004356104c4611b37565b906044359167ffffffffffffffff83168093036101ca5760643567ffffffffffffffff81116101ca576104fb903690600401611b5a565b906084359060a43567ffffffffffffffff81116101ca57610520903690600401611c21565b60e43567ffffffffffffffff81116101ca57610540903690600401611c21565b929093885f525f60205260405f209761055d60c43585858a611f2e565b8a5f52600160205260405f2054036108c1578a42116108e95761057f8161210d565b88549760405160208101907fe21b7c2ce64659913c981c547460a68e90bd93dab27c7d71b3c709dcfa5340bd82528c604082015273ffffffffffffffffffffffffffffffffffffffff84169d8e60608301528b60a01c63ffffffff16608083015260a082015260a081526105f460c082611c9b565b51902092836106029361219a565b61060b906121f9565b8284036108c157939291905f945f945b8386106107e9575050505050508181106107bb57505063ffffffff9060c01c16420180421161078e577f951be62ca4fbc0047ff738e3cc6a56346fcab099eb3aa5f4e37b1573b59310949163ffffffff67ffffffffffffffff6040931691835161068481611c52565b87815260208101848152875f52600260205273ffffffffffffffffffffffffffffffffffffffff80875f20935116167fffffffffffffffffffffffff0000000000000000000000000000000000000000835416178255517fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff7bffffffffffffffff000000000000000000000000000000000000000083549260a01b16911617905561078061073783835460a01c16611d17565b82547fffffffffffffffff00000000ffffffffffffffffffffffffffffffffffffffff1660a082901b77ffffffff00000000000000000000000000000000000000001617909255565b8351928352166020820152a3005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7fff84adc1000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b9091929394956107fa87878461223a565b9050156108b85761082b836108186108138a8989611efd565b611f0d565b6108238a8a8761223a565b92909161229a565b15610869577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff811461078e576001809101965b01949392919061061b565b73ffffffffffffffffffffffffffffffffffffffff61088c610813898888611efd565b7f9a7d38d9000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b9560019061085e565b7fccb720aa000000000000000000000000000000000000000000000000000000005f5260045ffd5b8a7fc88569d6000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57600435805f52600260205260405f20906040519161096183611c52565b5467ffffffffffffffff602073ffffffffffffffffffffffffffffffffffffffff831694858152019160a01c1681528215610b225767ffffffffffffffff90511680421115610af757506109b48261210d565b805f525f60205260405f20907f12b7d8f2d75f240851239133f0953a9f9b08c97cfb3e034b3d9f4bdfc8129499602073ffffffffffffffffffffffffffffffffffffffff84541693835f52600282525f604081205573ffffffffffffffffffffffffffffffffffffffff86167fffffffffffffffffffffffff0000000000000000000000000000000000000000825416178155610a5086611d2e565b5f525f825260405f207c01000000000000000000000000000000000000000000000000000000007fffffff00ffffffffffffffffffffffffffffffffffffffffffffffffffffffff825416179055855f52600382528360405f20558386867fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef5f80a4610ae861073763ffffffff835460a01c16611d17565b63ffffffff60405191168152a4005b7fd606d83f000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b507f7e70b47b000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57600435610b8981612066565b50610b92611cdc565b90604051610ba1608082611c9b565b604e815260208101927f4f6e6520706572736f6e2773206964656e7469747920746f6b656e2e2049742084527f63616e6e6f74206d6f766520616e642073617973206e6f7468696e672061626f60408301527f75742074686520706572736f6e2e000000000000000000000000000000000000606083015260209260405194610c2a8587611c9b565b5f865260405191610c3b8684611c9b565b5f83529560405190610c4e606083611c9b565b60408083528783019390368537604098895b610e3a57509087949392916040519788978789017f7b226e616d65223a2200000000000000000000000000000000000000000000009052805190818960298c01920191610cac92611ab0565b880190602982017f222c226465736372697074696f6e223a220000000000000000000000000000009052519182603a8301610ce692611ab0565b01602901815191828760118401920191610cff92611ab0565b01601101907f222c2270726f70657274696573223a7b22636f6d6d69746d656e74223a2230788252519182858301610d3692611ab0565b018151918284808401920191610d4b92611ab0565b01017f227d7d00000000000000000000000000000000000000000000000000000000008152037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe381018252600301610da39082611c9b565b610dac906124e7565b9060405180928282017f646174613a6170706c69636174696f6e2f6a736f6e3b6261736536342c00000090528051908184603d8501920191610ded92611ab0565b810103603d017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352610e229083611c9b565b6040519181839283528201610e3691611ad1565b0390f35b600f81166010811015610ed6577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8b018b811161078e5785511115610ed6577f3031323334353637383961626364656600000000000000000000000000000000901a601f8b8601015360041c98801561078e577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff019889610c60565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57602061022e610f3f611b14565b611d89565b346101ca5760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57610f7b611b14565b50610f84611b37565b5060643567ffffffffffffffff81116101ca57610fa5903690600401611b5a565b50507fa4420a95000000000000000000000000000000000000000000000000000000005f5260045ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57611009600435612066565b50602060405160018152f35b346101ca5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5761104c611b14565b50602435801515036101ca577fa4420a95000000000000000000000000000000000000000000000000000000005f5260045ffd5b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760206040516203f4808152f35b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57610e366040516110fa604082611c9b565b600881527f53494e534f2d49440000000000000000000000000000000000000000000000006020820152604051918291602083526020830190611ad1565b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5761122860206040516111788282611c9b565b5f81525f3681376040916112358351936111928186611c9b565b600585527f53494e534f0000000000000000000000000000000000000000000000000000008386015280516111c78282611c9b565b600181527f31000000000000000000000000000000000000000000000000000000000000008482015281519687967f0f00000000000000000000000000000000000000000000000000000000000000885260e08689015260e0880190611ad1565b9186830390870152611ad1565b4660608501523060808501525f60a085015283810360c08501528180845192838152019301915f5b82811061126c57505050500390f35b83518552869550938101939281019260010161125d565b346101ca5760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760043560243560443563ffffffff8116918282036101ca5760643567ffffffffffffffff8116938482036101ca5760843567ffffffffffffffff81116101ca57611300903690600401611b5a565b6203f480839792971080156114be575b611496577f78cce6cdd2e26d4a5681e443a5dcdc9f255baa494aed9ec60e7eaec55a81d6e396611418946113438a612066565b8a5f525f6020528a60405f209673ffffffffffffffffffffffffffffffffffffffff8316330361141d575b5050505050505080547fffffffff00000000ffffffffffffffffffffffffffffffffffffffffffffffff7bffffffff0000000000000000000000000000000000000000000000008660c01b169116178155855f5260016020528260405f2055855f5260026020525f60408120556113f161073763ffffffff835460a01c16611d17565b6040519384938491604091949363ffffffff80926060860197865216602085015216910152565b0390a2005b61148a9663ffffffff895460a01c166040519260208401947fd8be7ddc24b2092b22749b2a7cc32204d149f9cf0e4713758e46141a343b8c91865260408501528c6060850152608084015260a083015260c082015260c0815261148160e082611c9b565b519020906120be565b86808080808a8161136e565b7f0137f4a0000000000000000000000000000000000000000000000000000000005f5260045ffd5b506276a7008311611310565b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57611501611b14565b73ffffffffffffffffffffffffffffffffffffffff8116156115425761152690611d89565b6115395760205f5b60ff60405191168152f35b6020600161152e565b7fd92e233d000000000000000000000000000000000000000000000000000000005f5260045ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760206115a6600435612066565b73ffffffffffffffffffffffffffffffffffffffff60405191168152f35b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57602061022e611600611b14565b611d2e565b611b88565b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57602060405160408152f35b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760206040516276a7008152f35b346101ca5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760043560243567ffffffffffffffff8116908181036101ca5760443567ffffffffffffffff81116101ca576116e6903690600401611b5a565b90926116f185612066565b91855f52600260205273ffffffffffffffffffffffffffffffffffffffff60405f20541615611803577f8ff30860a74b6d02d84b4228f0cb8549bac92dc54136e5a5621f69ef5114292294602094875f525f865260405f209473ffffffffffffffffffffffffffffffffffffffff8116330361179f575b5050505050835f52600282525f604081205561179061073763ffffffff835460a01c16611d17565b63ffffffff60405191168152a2005b6117f99463ffffffff875460a01c169060405190898201927fabdac5e8147dd501a86665481042eb2f422aaa83299c719d2600dfc1081ba79e84528c6040840152606083015260808201526080815261148160a082611c9b565b8480808080611768565b857f7e70b47b000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760043561186a81612066565b505f908152602081815260408083206001835292819020549254815193845263ffffffff60c082901c81169385019390935260a01c90911690820152606090f35b346101ca5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca576118e2611b14565b507fa4420a95000000000000000000000000000000000000000000000000000000005f5260045ffd5b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca576102ae600435612066565b346101ca575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57610e3661197e611cdc565b604051918291602083526020830190611ad1565b346101ca5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca57600435907fffffffff0000000000000000000000000000000000000000000000000000000082168092036101ca57817f01ffc9a70000000000000000000000000000000000000000000000000000000060209314908115611a86575b8115611a5c575b8115611a32575b5015158152f35b7fb45a3c0e0000000000000000000000000000000000000000000000000000000091501483611a2b565b7f5b5e139f0000000000000000000000000000000000000000000000000000000081149150611a24565b7f80ac58cd0000000000000000000000000000000000000000000000000000000081149150611a1d565b5f5b838110611ac15750505f910152565b8181015183820152602001611ab2565b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602093611b0d81518092818752878088019101611ab0565b0116010190565b6004359073ffffffffffffffffffffffffffffffffffffffff821682036101ca57565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036101ca57565b9181601f840112156101ca5782359167ffffffffffffffff83116101ca57602083818601950101116101ca57565b346101ca5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101ca5760043573ffffffffffffffffffffffffffffffffffffffff811681036101ca575060243573ffffffffffffffffffffffffffffffffffffffff811681036101ca57507fa4420a95000000000000000000000000000000000000000000000000000000005f5260045ffd5b9181601f840112156101ca5782359167ffffffffffffffff83116101ca576020808501948460051b0101116101ca57565b6040810190811067ffffffffffffffff821117611c6e57604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff821117611c6e57604052565b60405190611ceb604083611c9b565b600e82527f53494e534f206964656e746974790000000000000000000000000000000000006020830152565b63ffffffff1663ffffffff811461078e5760010190565b60405173ffffffffffffffffffffffffffffffffffffffff60208201927fb615135acf57a1d44343ffab2dc85a2e999d0968ce06dcbbb0b5a33ee97baf7d845216604082015260408152611d83606082611c9b565b51902090565b9073ffffffffffffffffffffffffffffffffffffffff8216918215611e1a57611db190611d2e565b805f525f6020528273ffffffffffffffffffffffffffffffffffffffff60405f20541614611e165750815f52600360205260405f205491825f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f20541603611e1157565b5f9150565b9150565b505f9150565b467f000000000000000000000000000000000000000000000000000000000000000003611e6b577f000000000000000000000000000000000000000000000000000000000000000090565b60405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f016a34e79dfeec5ef052e7432716d28f46817f9e9e0c76e4f2e56ca57a0ad1d160408201527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201523060a082015260a08152611d8360c082611c9b565b9190811015610ed65760051b0190565b3573ffffffffffffffffffffffffffffffffffffffff811681036101ca5790565b928315801561205d575b8015612053575b6108c1579091905f805b83821061200857505060405192839183602084019660808501908852606060408601525260a0830191935f905b808210611fb5575050611d8393506060830152037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282611c9b565b9193509184359073ffffffffffffffffffffffffffffffffffffffff821682036101ca576020809173ffffffffffffffffffffffffffffffffffffffff6001941681520195019201859391949294611f76565b73ffffffffffffffffffffffffffffffffffffffff8061202e61081385888a999a611efd565b9216911611156108c1576001612048610813838787611efd565b910190939293611f49565b5060408311611f3f565b50828411611f38565b90815f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2054169182156120935750565b7f1ff907f8000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b9493929167ffffffffffffffff16948542116120e1576120df94955061219a565b565b857fc88569d6000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b61211681611d2e565b5f525f60205260405f205473ffffffffffffffffffffffffffffffffffffffff8116159081159161218c575b5061214a5750565b73ffffffffffffffffffffffffffffffffffffffff907fcace2695000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b60ff915060e01c165f612142565b9290916121a96121af936121f9565b8461229a565b156121b75750565b73ffffffffffffffffffffffffffffffffffffffff907f9a7d38d9000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b604290612204611e20565b90604051917f19010000000000000000000000000000000000000000000000000000000000008352600283015260228201522090565b9190811015610ed65760051b810135907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1813603018212156101ca57019081359167ffffffffffffffff83116101ca5760200182360381136101ca579190565b906122a68484836124b3565b50600481101561248657159081612463575b5061245a57813b15612452578361236e60845f96957fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f899860405196879460208601997f1626ba7e000000000000000000000000000000000000000000000000000000008b5260248701526040604487015281606487015286860137898582860101520116810103017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282611c9b565b51915afa3d1561244b573d67ffffffffffffffff8111611c6e57604051906123be601f82017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01660200183611c9b565b81523d5f602083013e5b8161243d575b816123d7575090565b7f1626ba7e00000000000000000000000000000000000000000000000000000000915060208151910151906020811061240f57501490565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9060200360031b1b161490565b9050602081511015906123ce565b60606123c8565b505050505f90565b50505050600190565b905073ffffffffffffffffffffffffffffffffffffffff8084169116145f6122b8565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b90604183036124dd576124d69250602081013591604082359201355f1a90612690565b9192909190565b50505f9160029190565b9081511561267a5781516002810180911161078e5760039004908160021b917f3fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81160361078e57604051917f4142434445464748494a4b4c4d4e4f505152535455565758595a616263646566601f527f6768696a6b6c6d6e6f707172737475767778797a303132333435363738392b2f603f52602083018480518101602081018051915f82525b80891061263e57506020959697509060039291525106806001146125ec576002146125c0575b50808452830101604052565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff603d9101535f6125b4565b507ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe81603d7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8194015301535f6125b4565b939760036004910198603f8a51818160121c165183538181600c1c16516001840153818160061c1651600284015316516003820153019361258e565b905060405161268a602082611c9b565b5f815290565b91907f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0841161271f579160209360809260ff5f9560405194855216868401526040830152606082015282805260015afa15612714575f5173ffffffffffffffffffffffffffffffffffffffff81161561270a57905f905f90565b505f906001905f90565b6040513d5f823e3d90fd5b5050505f916003919056",
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
	Bin: "0x60a08060405234607257610ca6818101906001600160401b03821183831017605e5760209183916103b983393381520301905ff0801560535760805260405161034290816100778239608051816102e20152f35b6040513d5f823e3d90fd5b634e487b7160e01b5f52604160045260245ffd5b5f80fdfe60806040526004361015610011575f80fd5b5f3560e01c8063690e7c091461008d5763f31d8c311461002f575f80fd5b346100895760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261008957602061006b6004356101d0565b73ffffffffffffffffffffffffffffffffffffffff60405191168152f35b5f80fd5b346100895760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261008957602060043561006b6100cd826101d0565b91823b61015f5773ffffffffffffffffffffffffffffffffffffffff816100f261024a565b6020815191015ff581851691829116036101335760207f847f8fd85298087d02af13b20edb8f1520738e104f0a85649c4b00241dbb103c91604051908152a2565b507fb28664a9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b50565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff8211176101a357604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b73ffffffffffffffffffffffffffffffffffffffff906101ee61024a565b602081519101206040519060208201927fff0000000000000000000000000000000000000000000000000000000000000084523060601b60218401526035830152605582015260558152610243607582610162565b5190201690565b6040517f3d603380600a3d3981f30000000000000000000000000000000000000000000060208201527f36600557005b0000000000000000000000000000000000000000000000000000602a8201527f363d3d373d3d3d363d730000000000000000000000000000000000000000000060308201527fffffffffffffffffffffffffffffffffffffffff0000000000000000000000007f000000000000000000000000000000000000000000000000000000000000000060601b16603a8201527f5af43d82803e903d91603157fd5bf30000000000000000000000000000000000604e820152603d815261033f605d82610162565b905660c034609957601f610ca638819003918201601f19168301916001600160401b03831184841017609d57808492602094604052833981010312609957516001600160a01b0381169081900360995760017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00556080523360a052604051610bf490816100b2823960805181610610015260a051816102840152f35b5f80fd5b634e487b7160e01b5f52604160045260245ffdfe60806040526004361015610011575f80fd5b5f3560e01c806328079e4a1461071e578063505cabcb146101125780636dce4ab0146100c05763f940e38514610045575f80fd5b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc5761009661007f6107a9565b6100876107cc565b80916100916108e9565b610978565b60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055005b5f80fd5b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc576100966100fa6107a9565b6101026107cc565b9061010b6108e9565b3390610978565b346100bc5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc576101496107a9565b60443567ffffffffffffffff81116100bc57366023820112156100bc5780600401359167ffffffffffffffff83116100bc576024820191602436918560061b0101116100bc576101976108e9565b821561059d576101a6826108bb565b60405160208101908560408201602084525260608101855f5b8881106106d2575050906101fe816080959493037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826107ef565b519020604051917f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff038352602083015260243560408301526060820152206040517ff31d8c3100000000000000000000000000000000000000000000000000000000815281600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa908115610592575f91610683575b5073ffffffffffffffffffffffffffffffffffffffff163014801591906105c5575b5061059d5773ffffffffffffffffffffffffffffffffffffffff16806105165747915b815f52600160205260405f2054808411156104ee57825f5260016020528360405f2055610326818561085d565b9061033086610960565b9161033e60405193846107ef565b86835261034a87610960565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe060208501910136823760016127108084069084045b8a83106104835750505083511561045657525f5b82518110156103fb57806103aa60019285610897565b51865f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff6103de6103d9858d8b6108ab565b6108bb565b165f526020526103f360405f209182546108dc565b905501610394565b847fb649c98f58055c520df0dcb5709eff2e931217ff2fb1e21376130d31bbb1c0af6020610429858a61085d565b604051908152a260017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b9091936020610493868d8b6108ab565b013561ffff81168091036100bc576001916104c9826127106104c26104bb6104e59689610be1565b9289610be1565b04906108dc565b6104d3888b610897565b526104de878a610897565b519061085d565b94019190610380565b7f01663f24000000000000000000000000000000000000000000000000000000005f5260045ffd5b6040517f70a08231000000000000000000000000000000000000000000000000000000008152306004820152602081602481855afa908115610592575f91610560575b50916102f9565b90506020813d60201161058a575b8161057b602093836107ef565b810103126100bc575184610559565b3d915061056e565b6040513d5f823e3d90fd5b7ff170c67f000000000000000000000000000000000000000000000000000000005f5260045ffd5b9050604051907ffe465807000000000000000000000000000000000000000000000000000000008252600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa908115610592575f91610648575b5015846102d6565b90506020813d60201161067b575b81610663602093836107ef565b810103126100bc575180151581036100bc5784610640565b3d9150610656565b90506020813d6020116106ca575b8161069e602093836107ef565b810103126100bc575173ffffffffffffffffffffffffffffffffffffffff811681036100bc57856102b4565b3d9150610691565b9091823573ffffffffffffffffffffffffffffffffffffffff81168091036100bc57815260208301359061ffff82168092036100bc5760408160019360208394015201930191016101bf565b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc576107556107a9565b73ffffffffffffffffffffffffffffffffffffffff6107726107cc565b91165f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b6004359073ffffffffffffffffffffffffffffffffffffffff821682036100bc57565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036100bc57565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761083057604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b9190820391821161086a57565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b80518210156104565760209160051b010190565b91908110156104565760061b0190565b3573ffffffffffffffffffffffffffffffffffffffff811681036100bc5790565b9190820180921161086a57565b60027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0054146109385760027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055565b7f3ee5aeb5000000000000000000000000000000000000000000000000000000005f5260045ffd5b67ffffffffffffffff81116108305760051b60200190565b73ffffffffffffffffffffffffffffffffffffffff1691825f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff83165f5260205260405f2054908115610b9f57835f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff84165f526020525f6040812055835f52600160205260405f20610a0683825461085d565b905573ffffffffffffffffffffffffffffffffffffffff81168093857fa4195c37c2947bbe89165f03e320b6903116f0b10d8cfdb522330f7ce6f9fa24602073ffffffffffffffffffffffffffffffffffffffff604051948886521693a483610b02575f80939450809281925af13d15610afd573d67ffffffffffffffff81116108305760405190610ac060207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f84011601836107ef565b81525f60203d92013e5b15610ad25750565b7fb6c30e5f000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b610aca565b50604051917fa9059cbb000000000000000000000000000000000000000000000000000000005f5260045260245260205f60448180865af19060015f5114821615610b7e575b60405215610b535750565b7f5274afe7000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b906001811516610b9657823b15153d15161690610b48565b503d5f823e3d90fd5b73ffffffffffffffffffffffffffffffffffffffff837f751b0fda000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b8181029291811591840414171561086a5756",
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
	Bin: "0x60c034609957601f610ca638819003918201601f19168301916001600160401b03831184841017609d57808492602094604052833981010312609957516001600160a01b0381169081900360995760017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00556080523360a052604051610bf490816100b2823960805181610610015260a051816102840152f35b5f80fd5b634e487b7160e01b5f52604160045260245ffdfe60806040526004361015610011575f80fd5b5f3560e01c806328079e4a1461071e578063505cabcb146101125780636dce4ab0146100c05763f940e38514610045575f80fd5b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc5761009661007f6107a9565b6100876107cc565b80916100916108e9565b610978565b60017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055005b5f80fd5b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc576100966100fa6107a9565b6101026107cc565b9061010b6108e9565b3390610978565b346100bc5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc576101496107a9565b60443567ffffffffffffffff81116100bc57366023820112156100bc5780600401359167ffffffffffffffff83116100bc576024820191602436918560061b0101116100bc576101976108e9565b821561059d576101a6826108bb565b60405160208101908560408201602084525260608101855f5b8881106106d2575050906101fe816080959493037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826107ef565b519020604051917f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff038352602083015260243560408301526060820152206040517ff31d8c3100000000000000000000000000000000000000000000000000000000815281600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa908115610592575f91610683575b5073ffffffffffffffffffffffffffffffffffffffff163014801591906105c5575b5061059d5773ffffffffffffffffffffffffffffffffffffffff16806105165747915b815f52600160205260405f2054808411156104ee57825f5260016020528360405f2055610326818561085d565b9061033086610960565b9161033e60405193846107ef565b86835261034a87610960565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe060208501910136823760016127108084069084045b8a83106104835750505083511561045657525f5b82518110156103fb57806103aa60019285610897565b51865f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff6103de6103d9858d8b6108ab565b6108bb565b165f526020526103f360405f209182546108dc565b905501610394565b847fb649c98f58055c520df0dcb5709eff2e931217ff2fb1e21376130d31bbb1c0af6020610429858a61085d565b604051908152a260017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b9091936020610493868d8b6108ab565b013561ffff81168091036100bc576001916104c9826127106104c26104bb6104e59689610be1565b9289610be1565b04906108dc565b6104d3888b610897565b526104de878a610897565b519061085d565b94019190610380565b7f01663f24000000000000000000000000000000000000000000000000000000005f5260045ffd5b6040517f70a08231000000000000000000000000000000000000000000000000000000008152306004820152602081602481855afa908115610592575f91610560575b50916102f9565b90506020813d60201161058a575b8161057b602093836107ef565b810103126100bc575184610559565b3d915061056e565b6040513d5f823e3d90fd5b7ff170c67f000000000000000000000000000000000000000000000000000000005f5260045ffd5b9050604051907ffe465807000000000000000000000000000000000000000000000000000000008252600482015260208160248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa908115610592575f91610648575b5015846102d6565b90506020813d60201161067b575b81610663602093836107ef565b810103126100bc575180151581036100bc5784610640565b3d9150610656565b90506020813d6020116106ca575b8161069e602093836107ef565b810103126100bc575173ffffffffffffffffffffffffffffffffffffffff811681036100bc57856102b4565b3d9150610691565b9091823573ffffffffffffffffffffffffffffffffffffffff81168091036100bc57815260208301359061ffff82168092036100bc5760408160019360208394015201930191016101bf565b346100bc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100bc576107556107a9565b73ffffffffffffffffffffffffffffffffffffffff6107726107cc565b91165f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b6004359073ffffffffffffffffffffffffffffffffffffffff821682036100bc57565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036100bc57565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761083057604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b9190820391821161086a57565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b80518210156104565760209160051b010190565b91908110156104565760061b0190565b3573ffffffffffffffffffffffffffffffffffffffff811681036100bc5790565b9190820180921161086a57565b60027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0054146109385760027f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0055565b7f3ee5aeb5000000000000000000000000000000000000000000000000000000005f5260045ffd5b67ffffffffffffffff81116108305760051b60200190565b73ffffffffffffffffffffffffffffffffffffffff1691825f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff83165f5260205260405f2054908115610b9f57835f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff84165f526020525f6040812055835f52600160205260405f20610a0683825461085d565b905573ffffffffffffffffffffffffffffffffffffffff81168093857fa4195c37c2947bbe89165f03e320b6903116f0b10d8cfdb522330f7ce6f9fa24602073ffffffffffffffffffffffffffffffffffffffff604051948886521693a483610b02575f80939450809281925af13d15610afd573d67ffffffffffffffff81116108305760405190610ac060207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f84011601836107ef565b81525f60203d92013e5b15610ad25750565b7fb6c30e5f000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b610aca565b50604051917fa9059cbb000000000000000000000000000000000000000000000000000000005f5260045260245260205f60448180865af19060015f5114821615610b7e575b60405215610b535750565b7f5274afe7000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b906001811516610b9657823b15153d15161690610b48565b503d5f823e3d90fd5b73ffffffffffffffffffffffffffffffffffffffff837f751b0fda000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b8181029291811591840414171561086a5756",
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

// SettlementMetaData contains all meta data concerning the Settlement contract.
var SettlementMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"address\",\"name\":\"assets_\",\"type\":\"address\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"}],\"name\":\"AlreadyRevoked\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"BadPoint\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"signer\",\"type\":\"address\"}],\"name\":\"BadSignature\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"BadWindow\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"endsAt\",\"type\":\"uint64\"}],\"name\":\"Ended\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"KeyIsRight\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotBuyer\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"seller\",\"type\":\"address\"}],\"name\":\"NotOwner\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"}],\"name\":\"NothingOwed\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"}],\"name\":\"PaymentRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"dueAt\",\"type\":\"uint64\"}],\"name\":\"TooEarly\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"dueAt\",\"type\":\"uint64\"}],\"name\":\"TooLate\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongAsset\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongOpening\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongPayload\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"priceWei\",\"type\":\"uint256\"}],\"name\":\"WrongPrice\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongSecret\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"},{\"internalType\":\"enumState\",\"name\":\"state\",\"type\":\"uint8\"}],\"name\":\"WrongState\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"}],\"name\":\"Cancelled\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amountWei\",\"type\":\"uint256\"}],\"name\":\"Credited\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"grantHash\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"ephemeralX\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"ephemeralY\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"masked\",\"type\":\"bytes32\"}],\"name\":\"Delivered\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[],\"name\":\"EIP712DomainChanged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"buyer\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"priceWei\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"keyX\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"keyY\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"hpkeHash\",\"type\":\"bytes32\"}],\"name\":\"Filled\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"buyer\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"priceWei\",\"type\":\"uint256\"}],\"name\":\"Refunded\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"priceWei\",\"type\":\"uint256\"}],\"name\":\"Released\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"}],\"name\":\"Revoked\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amountWei\",\"type\":\"uint256\"}],\"name\":\"Withdrawn\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"}],\"name\":\"WrongKeyProven\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"MAX_WINDOW\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MIN_WINDOW\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"assets\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"seller\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"priceWei\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"keyCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"payloadHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"termsHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"endsAt\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"deliverWithin\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"disputeWithin\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"}],\"internalType\":\"structOrder\",\"name\":\"order\",\"type\":\"tuple\"},{\"internalType\":\"bytes\",\"name\":\"sellerSignature\",\"type\":\"bytes\"}],\"name\":\"cancel\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"grantHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"ephemeralX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"ephemeralY\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"masked\",\"type\":\"bytes32\"}],\"internalType\":\"structDelivery\",\"name\":\"delivery\",\"type\":\"tuple\"},{\"internalType\":\"bytes\",\"name\":\"sellerSignature\",\"type\":\"bytes\"}],\"name\":\"deliver\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"domainSeparator\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"parent\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"bps\",\"type\":\"uint16\"}],\"internalType\":\"structShare[]\",\"name\":\"split\",\"type\":\"tuple[]\"},{\"internalType\":\"bytes[]\",\"name\":\"signatures\",\"type\":\"bytes[]\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"seller\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"priceWei\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"keyCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"payloadHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"termsHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"endsAt\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"deliverWithin\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"disputeWithin\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"}],\"internalType\":\"structOrder\",\"name\":\"order\",\"type\":\"tuple\"},{\"internalType\":\"bytes\",\"name\":\"sellerSignature\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"keyX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"keyY\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"hpkeHash\",\"type\":\"bytes32\"}],\"name\":\"enterAndFill\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"payable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"seller\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"priceWei\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"keyCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"payloadHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"termsHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"endsAt\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"deliverWithin\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"disputeWithin\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"}],\"internalType\":\"structOrder\",\"name\":\"order\",\"type\":\"tuple\"},{\"internalType\":\"bytes\",\"name\":\"sellerSignature\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"keyX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"keyY\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"hpkeHash\",\"type\":\"bytes32\"}],\"name\":\"fill\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"payable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"seller\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"priceWei\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"keyCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"payloadHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"termsHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"endsAt\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"deliverWithin\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"disputeWithin\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"}],\"internalType\":\"structOrder\",\"name\":\"order\",\"type\":\"tuple\"}],\"name\":\"hashOrder\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"parent\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"bps\",\"type\":\"uint16\"}],\"internalType\":\"structShare[]\",\"name\":\"split\",\"type\":\"tuple[]\"},{\"internalType\":\"bytes[]\",\"name\":\"signatures\",\"type\":\"bytes[]\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"seller\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"priceWei\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"keyCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"payloadHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"termsHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"endsAt\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"deliverWithin\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"disputeWithin\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"}],\"internalType\":\"structOrder\",\"name\":\"order\",\"type\":\"tuple\"},{\"internalType\":\"bytes\",\"name\":\"sellerSignature\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"keyX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"keyY\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"hpkeHash\",\"type\":\"bytes32\"}],\"name\":\"materialiseAndFill\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"payable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"}],\"name\":\"owed\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"seller\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"priceWei\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"keyCommitment\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"payloadHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"termsHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"endsAt\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"deliverWithin\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"disputeWithin\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"}],\"internalType\":\"structOrder\",\"name\":\"order\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"grantHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"ephemeralX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"ephemeralY\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"masked\",\"type\":\"bytes32\"}],\"internalType\":\"structDelivery\",\"name\":\"delivery\",\"type\":\"tuple\"},{\"internalType\":\"bytes\",\"name\":\"payloadCid\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"buyerSecret\",\"type\":\"uint256\"}],\"name\":\"proveWrongKey\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"}],\"name\":\"refund\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"contentCommitment\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"bps\",\"type\":\"uint16\"}],\"internalType\":\"structShare[]\",\"name\":\"split\",\"type\":\"tuple[]\"}],\"name\":\"release\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes\",\"name\":\"sellerSignature\",\"type\":\"bytes\"}],\"name\":\"revoke\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"orderHash\",\"type\":\"bytes32\"}],\"name\":\"trade\",\"outputs\":[{\"components\":[{\"internalType\":\"enumState\",\"name\":\"state\",\"type\":\"uint8\"},{\"internalType\":\"address\",\"name\":\"seller\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"buyer\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"priceWei\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"tokenId\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"filledAt\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deliveredAt\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"dueAt\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"revokedAt\",\"type\":\"uint64\"}],\"internalType\":\"structTrade\",\"name\":\"t\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"payee\",\"type\":\"address\"}],\"name\":\"withdraw\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"}],\"name\":\"withdrawTo\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "8fb931b1e9df358d3542d6bc1d0e9be4da",
	Bin: "0x60e0806040523461011a576020816136f7803803809161001f828561011e565b83398101031261011a57516001600160a01b0381169081900361011a5760405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f016a34e79dfeec5ef052e7432716d28f46817f9e9e0c76e4f2e56ca57a0ad1d160408201527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201523060a082015260a081526100ce60c08261011e565b5190206080524660a05260c0526040516135a19081610156823960805181612ee3015260a05181612ebd015260c05181818161074501528181611965015281816121d301526123200152f35b5f80fd5b601f909101601f19168101906001600160401b0382119082101761014157604052565b634e487b7160e01b5f52604160045260245ffdfe60806040526004361015610011575f80fd5b5f3560e01c806322ca388614612765578063341a60ad1461272b57806351cff8d9146126eb57806352b65c4b146126b25780635b0aa7be146121f757806371a97305146121895780637249fbb6146120c157806372b0d90c1461208157806384b0196e14611f36578063b2af231314611864578063ba24c74b14611718578063cce4859a146114cf578063da94e83d146110bd578063deb9663414611082578063df18e0471461101f578063e45a082a14610dbf578063f4bcd0f514610667578063f698da25146106275763fc5edcc0146100ea575f80fd5b346104dc577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161022081126104dc57610140136104dc5760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffebc3601126104dc576101e43567ffffffffffffffff81116104dc5761016e9036906004016128f8565b90610204359061017c612a90565b92610186846131cd565b9273ffffffffffffffffffffffffffffffffffffffff84541633036105fb576101ae846132f8565b8042116105c557506101bf82612c88565b6101cc6040519182612a3e565b828152602081019036848601116104dc57838583375f602085830101525190206084350361059d57600384015481158015610573575b61054b575f806040516020810190600182526002604082015285606082015260608152610230608082612a3e565b519060075afa61023e613035565b9080610540575b156104e0576040818051810103126104dc57604060208201519101516040519060208201928352604082015260408152610280606082612a3e565b5190206040519260208401917f24c350f74b89fa92cece7b4783226b0748fc4e6c4234cdaaac2558a1968147658352610144359384604087015261016435606087015261018435918260808801526101a435948560a08901526101c435978860c082015260c081526102f360e082612a3e565b5190206040519060208201928352604082015260408152610315606082612a3e565b51902003610518575f92839260405191602083019384526040830152606082015260608152610345608082612a3e565b519060075afa610353613035565b908061050d575b156104e0576040818051810103126104dc576103d8816020936040855f9501519201519060405191868301937f73696e736f2f6b6579626f782f763100000000000000000000000000000000008552602f840152604f830152606f820152606f81526103c7608f82612a3e565b60405192839283925192839161296a565b8101039060025afa156104d1576020925f926103c7604c6104629486511893836040519485928a8401977f73696e736f2f6b65792f763100000000000000000000000000000000000000008952602c850152848401378101878382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282612a3e565b8101039060025afa156104d1575f51606435146104a957816104a7927f6b0fe87e12976cecb70a705aa59dadae80e62bd9e4b8bd554f7f7b020c8720325f80a26131f5565b005b7f0be7e33e000000000000000000000000000000000000000000000000000000005f5260045ffd5b6040513d5f823e3d90fd5b5f80fd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52600160045260245ffd5b50604081511461035a565b7f3ec0c8a6000000000000000000000000000000000000000000000000000000005f5260045ffd5b506040815114610245565b7ff86c49bc000000000000000000000000000000000000000000000000000000005f5260045ffd5b507f30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001821015610202565b7f3fa8b3fb000000000000000000000000000000000000000000000000000000005f5260045ffd5b67ffffffffffffffff907f4d673a06000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b7f0eed4964000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b346104dc575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc57602061065f612eba565b604051908152f35b6102407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc5760443567ffffffffffffffff81116104dc576106b29036906004016129ce565b9060643567ffffffffffffffff81116104dc576106d39036906004016129ff565b90926101407fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7c3601126104dc576101c43567ffffffffffffffff81116104dc576107219036906004016128f8565b9490926101e43590610204359273ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000169660a435956040517ffe4658070000000000000000000000000000000000000000000000000000000081528760048201526020816024818d5afa9081156104d1575f91610d90575b5015610c89575b505050506107c26084612b75565b946107cc866131a8565b906101443567ffffffffffffffff8116908181036104dc57814211610c5d57505060c43595863414801590610c48575b610c1c57610164359063ffffffff8216908183141591826104dc57603c8110908115610c0c575b508015610bef575b8015610bd0575b610ba8576020602494604051958680927f6352211e0000000000000000000000000000000000000000000000000000000082528c60048301525afa9384156104d1575f94610b57575b506084359a73ffffffffffffffffffffffffffffffffffffffff8c1694858d141590816104dc5773ffffffffffffffffffffffffffffffffffffffff87911603610b27576108c9898961329a565b15610aff576104dc576108dd918b8d612fde565b83547fffffffffffffff0000000000ffffffffffffffffffffffffffffffffffffffff33167fffffffffffffff00000000000000000000000000000000000000000000000000909116174260a01b78ffffffffff0000000000000000000000000000000000000000161784556104dc5782547fffffffff000000ffffffffffffffffffffffffffffffffffffffffffffffffff1660c89190911b7bffffff0000000000000000000000000000000000000000000000000016178255610184359763ffffffff891689036104dc5782547fff000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffff1660e09990991b7effffff00000000000000000000000000000000000000000000000000000000169890981782556020975081547effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff167f010000000000000000000000000000000000000000000000000000000000000017825573ffffffffffffffffffffffffffffffffffffffff1660a086901b7fffffffffffffffffffffffff000000000000000000000000000000000000000016176001820155600281018490556040805188810184815281830186905291815260039190610ab2606082612a3e565b519020910155604051938452858401526040830152610224356060830152827f2b492e3c129ac4fb7de795710e72ca6c02110da89a5f47a515d740f4594b55c060803394a4604051908152f35b7f03833c2a000000000000000000000000000000000000000000000000000000005f5260045ffd5b858a7fb9c08761000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b9093506020813d602011610ba0575b81610b7360209383612a3e565b810103126104dc575173ffffffffffffffffffffffffffffffffffffffff811681036104dc57928b61087b565b3d9150610b66565b7f5419376a000000000000000000000000000000000000000000000000000000005f5260045ffd5b506101843563ffffffff81168082036104dc576276a700915011610832565b506101843563ffffffff81168082036104dc57603c91501061082b565b9250506276a7005f92118c610823565b867f51481720000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b506bffffffffffffffffffffffff87116107fc565b507fdde50e21000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b610d0f602093610cdf9560405196879586957f072bdb5500000000000000000000000000000000000000000000000000000000875260043560048801526024356024880152608060448801526084870191612cda565b917ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc858403016064860152612d7f565b03815f8a5af180156104d15784915f91610d5b575b5003610d3357868080806107b4565b7ff170c67f000000000000000000000000000000000000000000000000000000005f5260045ffd5b9150506020813d602011610d88575b81610d7760209383612a3e565b810103126104dc5783905188610d24565b3d9150610d6a565b610db2915060203d602011610db8575b610daa8183612a3e565b810190612cc2565b8b6107ad565b503d610da0565b346104dc5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc57604051610120810181811067ffffffffffffffff821117610ff2576040525f815260208101905f8252604081015f815260608201905f825260808301935f855260a08401915f835260c08501905f825260e08601915f83526101008701945f86526004355f525f60205260405f208054908160f81c906006821015610f7357610edc918b52600181015473ffffffffffffffffffffffffffffffffffffffff8116895273ffffffffffffffffffffffffffffffffffffffff8416875260a01c8a5260028101548c5264ffffffffff6004818560a01c1692838752015416895262ffffff8360c81c1690612e98565b9089516006811015610f7357600103610fa0575067ffffffffffffffff1684525b6040519751906006821015610f73576101209967ffffffffffffffff9873ffffffffffffffffffffffffffffffffffffffff8a98968c6020838c9a8b9984525116910152511660408c01525160608b01525160808a0152511660a0880152511660c0860152511660e08401525116610100820152f35b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b60e01c62ffffff169081610fb6575b5050610efd565b67ffffffffffffffff8116845289516006811015610f7357600203610faf5767ffffffffffffffff91610fe891612e98565b1684528980610faf565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b346104dc5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc5773ffffffffffffffffffffffffffffffffffffffff61106b612926565b165f526001602052602060405f2054604051908152f35b346104dc575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc5760206040516276a7008152f35b346104dc5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc5760043560443567ffffffffffffffff81116104dc5761110f9036906004016129ce565b61111a8392936131cd565b9073ffffffffffffffffffffffffffffffffffffffff8254163303611482575b6002820154938115928380156113e4575b610d33576001907f03000000000000000000000000000000000000000000000000000000000000007effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8254161781555f600382015501549473ffffffffffffffffffffffffffffffffffffffff8660a01c9616936112c05773ffffffffffffffffffffffffffffffffffffffff6111e083612e46565b1684036113755785935b86850361135a575b506111fc83612c70565b9361120a6040519586612a3e565b83855261121684612c70565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe06020870191013682376001825b8682106112ed5750508551156112c057525f5b8451811015611291578061128b6112796112746001948888612e74565b612e46565b6112838389612e84565b519089613338565b01611257565b50847f086f561142bc4bdbe9350bd28b5eb74b4b2a64b0c54d97c83bea294393d8beb8602088604051908152a3005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b909260206112fc858989612e74565b013561ffff81168091036104dc576001916113366113529261271061132f61132683838a04613325565b92828906613325565b0490612c63565b611340878c612e84565b5261134b868b612e84565b5190612e67565b930190611244565b61136f906113688689612e67565b9087613338565b866111f2565b6103e86127108704818102908082048314901517156113b75761271088068281029281840414901517156113b7576127106113b1920490612c63565b936111ea565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b6112c0578560806113f484612e46565b60405160208101906020825261143e81611412604082018b8b612cda565b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282612a3e565b519020604051917f7214b5e6d9371592e67393c22f6ef7ef1243cbf7fd7a6c7e3fd6ca7e32aaff03835260208301526024356040830152606082015220141561114b565b61148b826132f8565b80421115611499575061113a565b67ffffffffffffffff907fd606d83f000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b346104dc577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360160c081126104dc5760a0136104dc5760a43567ffffffffffffffff81116104dc576115269036906004016128f8565b6004359161153383613150565b91611552835464ffffffffff62ffffff8260c81c169160a01c16612c63565b8042116105c557506044359260643561156b818661329a565b15610aff577f92b0c8c4f082f64b7879728f37cee0463aca5ce8d1a0ef3d4b280c1b1d1a5a039460809460036040519461162860208701977f24c350f74b89fa92cece7b4783226b0748fc4e6c4234cdaaac2558a19681476589528b6040890152602435988960608a0152868b8a01528760a08a0152608435988960c082015260c081526115fa60e082612a3e565b5190209473ffffffffffffffffffffffffffffffffffffffff60018501541661162287612f9d565b90612fde565b7f02000000000000000000000000000000000000000000000000000000000000007effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8254161781556116d762ffffff61168b64ffffffffff845460a01c1642612e67565b83547fffffffff000000ffffffffffffffffffffffffffffffffffffffffffffffffff16911660c81b7bffffff0000000000000000000000000000000000000000000000000016178255565b019081549060405190602082019283526040820152604081526116fb606082612a3e565b5190209055604051938452602084015260408301526060820152a2005b346104dc577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161016081126104dc57610140136104dc576101443567ffffffffffffffff81116104dc576117729036906004016128f8565b61177a612a90565b91611784836131a8565b916004359173ffffffffffffffffffffffffffffffffffffffff831683036104dc57826117f7935061162260405160208101907fcc82f02f8929acd819e3511ef1d2c5663add3237f28225b9d9da9e3931ae7bfa8252886040820152604081526117ef606082612a3e565b519020612f9d565b7f05000000000000000000000000000000000000000000000000000000000000007effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8254161790557fbaa1eb22f2a492ba1a5fea61b8df4d27c6c8b5f3971e63bb58fa14ff72eedb705f80a2005b6102607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc5760443567ffffffffffffffff81116104dc576118af9036906004016129ce565b9060643567ffffffffffffffff81116104dc576118d09036906004016129ff565b60849291923567ffffffffffffffff81116104dc576118f39036906004016129ff565b92906101407fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff5c3601126104dc576101e43567ffffffffffffffff81116104dc576119419036906004016128f8565b9690946102043592610224359473ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000169860c435978a60208a6024604051809481937ffe46580700000000000000000000000000000000000000000000000000000000835260048301525afa9081156104d1575f91611f17575b5015611dd5575b5050505050506119e660a4612b75565b946119f0866131a8565b906101643567ffffffffffffffff8116908181036104dc57814211610c5d57505060e43595863414801590611dc0575b610c1c57610184359063ffffffff8216908183141591826104dc57603c8110908115611db0575b508015611d93575b8015611d74575b610ba8576020602494604051958680927f6352211e0000000000000000000000000000000000000000000000000000000082528c60048301525afa9384156104d1575f94611d23575b5060a4359a73ffffffffffffffffffffffffffffffffffffffff8c1694858d141590816104dc5773ffffffffffffffffffffffffffffffffffffffff87911603610b2757611aed898961329a565b15610aff576104dc57611b01918b8d612fde565b83547fffffffffffffff0000000000ffffffffffffffffffffffffffffffffffffffff33167fffffffffffffff00000000000000000000000000000000000000000000000000909116174260a01b78ffffffffff0000000000000000000000000000000000000000161784556104dc5782547fffffffff000000ffffffffffffffffffffffffffffffffffffffffffffffffff1660c89190911b7bffffff00000000000000000000000000000000000000000000000000161782556101a4359763ffffffff891689036104dc5782547fff000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffff1660e09990991b7effffff00000000000000000000000000000000000000000000000000000000169890981782556020975081547effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff167f010000000000000000000000000000000000000000000000000000000000000017825573ffffffffffffffffffffffffffffffffffffffff1660a086901b7fffffffffffffffffffffffff000000000000000000000000000000000000000016176001820155600281018490556040805188810184815281830186905291815260039190611cd6606082612a3e565b519020910155604051938452858401526040830152610244356060830152827f2b492e3c129ac4fb7de795710e72ca6c02110da89a5f47a515d740f4594b55c060803394a4604051908152f35b9093506020813d602011611d6c575b81611d3f60209383612a3e565b810103126104dc575173ffffffffffffffffffffffffffffffffffffffff811681036104dc57928b611a9f565b3d9150611d32565b506101a43563ffffffff81168082036104dc576276a700915011611a56565b506101a43563ffffffff81168082036104dc57603c915010611a4f565b9250506276a7005f92118c611a47565b506bffffffffffffffffffffffff8711611a20565b611e24611e5493604051977f156a28b400000000000000000000000000000000000000000000000000000000895260043560048a015260243560248a015260a060448a015260a4890191612cda565b917ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc878403016064880152612d7f565b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc8482030160848501528281527f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff83116104dc5783809260209492859360051b809285830137010301815f8a5af180156104d15784915f91611ee2575b5003610d33578680808080806119d6565b9150506020813d602011611f0f575b81611efe60209383612a3e565b810103126104dc5783905188611ed1565b3d9150611ef1565b611f30915060203d602011610db857610daa8183612a3e565b8d6119cf565b346104dc575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc576120266020604051611f768282612a3e565b5f81525f368137604091612033835193611f908186612a3e565b600585527f53494e534f000000000000000000000000000000000000000000000000000000838601528051611fc58282612a3e565b600181527f31000000000000000000000000000000000000000000000000000000000000008482015281519687967f0f00000000000000000000000000000000000000000000000000000000000000885260e08689015260e088019061298b565b918683039087015261298b565b4660608501523060808501525f60a085015283810360c08501528180845192838152019301915f5b82811061206a57505050500390f35b83518552869550938101939281019260010161205b565b346104dc5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc576104a76120bb612926565b33613064565b346104dc5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc576004356120fc81613150565b61211a815464ffffffffff62ffffff8260c81c169160a01c16612c63565b9182421115612153576104a792507fff000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffff82541682556131f5565b67ffffffffffffffff837fd606d83f000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b346104dc575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc57602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36016101c081126104dc57610140136104dc576101443567ffffffffffffffff81116104dc5761224c9036906004016128f8565b906101643561018435916122606004612b75565b9261226a846131a8565b9260c43567ffffffffffffffff8116908181036104dc57814211610c5d5750506044359384341480159061269d575b6126715760e4359363ffffffff8516948581141595866104dc57603c8110908115612661575b508015612644575b8015612625575b610ba85760243595604051927f6352211e00000000000000000000000000000000000000000000000000000000845287600485015260208460248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa9384156104d1575f946125d4575b506004359a73ffffffffffffffffffffffffffffffffffffffff8c1694858d141590816104dc5773ffffffffffffffffffffffffffffffffffffffff87911603610b275761239e898961329a565b15610aff576104dc576123b2918b8d612fde565b83547fffffffffffffff0000000000ffffffffffffffffffffffffffffffffffffffff33167fffffffffffffff00000000000000000000000000000000000000000000000000909116174260a01b78ffffffffff0000000000000000000000000000000000000000161784556104dc5782547fffffffff000000ffffffffffffffffffffffffffffffffffffffffffffffffff1660c89190911b7bffffff0000000000000000000000000000000000000000000000000016178255610104359763ffffffff891689036104dc5782547fff000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffff1660e09990991b7effffff00000000000000000000000000000000000000000000000000000000169890981782556020975081547effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff167f010000000000000000000000000000000000000000000000000000000000000017825573ffffffffffffffffffffffffffffffffffffffff1660a086901b7fffffffffffffffffffffffff000000000000000000000000000000000000000016176001820155600281018490556040805188810184815281830186905291815260039190612587606082612a3e565b5190209101556040519384528584015260408301526101a4356060830152827f2b492e3c129ac4fb7de795710e72ca6c02110da89a5f47a515d740f4594b55c060803394a4604051908152f35b9093506020813d60201161261d575b816125f060209383612a3e565b810103126104dc575173ffffffffffffffffffffffffffffffffffffffff811681036104dc57928b612350565b3d91506125e3565b506101043563ffffffff81168082036104dc576276a7009150116122ce565b506101043563ffffffff81168082036104dc57603c9150106122c7565b9650506276a7005f96118a6122bf565b847f51481720000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b506bffffffffffffffffffffffff8511612299565b346104dc575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc576020604051603c8152f35b346104dc5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc576104a7612725612926565b80613064565b346104dc576101407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc57602061065f612a90565b346104dc5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104dc5760043560243567ffffffffffffffff81116104dc576127b79036906004016128f8565b90825f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff6001820154169081156128be576004019283549264ffffffffff84166128925761283f9261162260405160208101907f33ac1c411c04a1d4b14922c1d8c5145f56e6a7c54abec48dc86cb3c49b640a488252896040820152604081526117ef606082612a3e565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffff0000000000164264ffffffffff161790557fe5af7daed5ab2a2dc5f98d53619f05089c0c14d11a6621f6b906a2366c9a7ab35f80a2005b857f90315de1000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b846128f3915460f81c907f2b3263b3000000000000000000000000000000000000000000000000000000005f52600452612a30565b60445ffd5b9181601f840112156104dc5782359167ffffffffffffffff83116104dc57602083818601950101116104dc57565b6004359073ffffffffffffffffffffffffffffffffffffffff821682036104dc57565b359073ffffffffffffffffffffffffffffffffffffffff821682036104dc57565b5f5b83811061297b5750505f910152565b818101518382015260200161296c565b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f6020936129c78151809281875287808801910161296a565b0116010190565b9181601f840112156104dc5782359167ffffffffffffffff83116104dc576020808501948460061b0101116104dc57565b9181601f840112156104dc5782359167ffffffffffffffff83116104dc576020808501948460051b0101116104dc57565b6006811015610f7357602452565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff821117610ff257604052565b359063ffffffff821682036104dc57565b604051602081017f4aee3b6eb82daa65468af5ba245021e29cff1a8b72aabf427627a6e2c3638f8e815260043573ffffffffffffffffffffffffffffffffffffffff81168091036104dc5760408301526024356060830152604435608083015260643560a083015260843560c083015260a43560e083015260c43567ffffffffffffffff81168091036104dc5761010083015260e43563ffffffff81168091036104dc57610120830152610104359163ffffffff83168093036104dc57612b72926101408201526101243561016082015261016081526117ef61018082612a3e565b90565b60405160208101907f4aee3b6eb82daa65468af5ba245021e29cff1a8b72aabf427627a6e2c3638f8e825273ffffffffffffffffffffffffffffffffffffffff612bbe84612949565b1660408201526020830135606082015260408301356080820152606083013560a0820152608083013560c082015260a083013560e082015260c083013567ffffffffffffffff81168091036104dc57612b72936101209161010084015263ffffffff612c2c60e08301612a7f565b168284015263ffffffff612c436101008301612a7f565b16610140840152013561016082015261016081526117ef61018082612a3e565b919082018092116113b757565b67ffffffffffffffff8111610ff25760051b60200190565b67ffffffffffffffff8111610ff257601f017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01660200190565b908160209103126104dc575180151581036104dc5790565b916020908281520191905f905b808210612cf45750505090565b90919273ffffffffffffffffffffffffffffffffffffffff612d1585612949565b16815260208401359061ffff82168092036104dc57604081600193602083940152019401920190612ce7565b601f82602094937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe093818652868601375f8582860101520116010190565b90602083828152019060208160051b85010193835f917fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe182360301905b848410612dcd575050505050505090565b909192939495967fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08282030187528735838112156104dc578401906020823592019167ffffffffffffffff81116104dc5780360383136104dc57612e376020928392600195612d41565b99019701959401929190612dbc565b3573ffffffffffffffffffffffffffffffffffffffff811681036104dc5790565b919082039182116113b757565b91908110156112c05760061b0190565b80518210156112c05760209160051b010190565b9067ffffffffffffffff8091169116019067ffffffffffffffff82116113b757565b467f000000000000000000000000000000000000000000000000000000000000000003612f05577f000000000000000000000000000000000000000000000000000000000000000090565b60405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f016a34e79dfeec5ef052e7432716d28f46817f9e9e0c76e4f2e56ca57a0ad1d160408201527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201523060a082015260a08152612f9760c082612a3e565b51902090565b604290612fa8612eba565b90604051917f19010000000000000000000000000000000000000000000000000000000000008352600283015260228201522090565b929091612feb92846133a0565b15612ff35750565b73ffffffffffffffffffffffffffffffffffffffff907f9a7d38d9000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b3d1561305f573d9061304682612c88565b916130546040519384612a3e565b82523d5f602084013e565b606090565b73ffffffffffffffffffffffffffffffffffffffff1690815f52600160205260405f2054908115613124575f8080938193868352600160205282604081205573ffffffffffffffffffffffffffffffffffffffff811680977fd1c19fbcd4551a5edfb66d43d2e337c04837afda3482b42bdf569a8fccdae5fb6020604051868152a35af16130f0613035565b50156130f95750565b7fb6c30e5f000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b827f751b0fda000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b90815f525f60205260405f2091825460f81c906006821015610f735760018203613178575050565b6128f392507f2b3263b3000000000000000000000000000000000000000000000000000000005f52600452612a30565b90815f525f60205260405f2091825460f81c906006821015610f735781613178575050565b90815f525f60205260405f2091825460f81c906006821015610f735760028203613178575050565b7f04000000000000000000000000000000000000000000000000000000000000007effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8354161782555f60038301557ff552ca82e113ac3c539c3d617f29fcd19c172a0c75dad017555c9e109f7fe183602073ffffffffffffffffffffffffffffffffffffffff600185015460a01c94541693613291818686613338565b604051908152a3565b908115806132f0575b6132ea575f91829160405190602082019283526040820152826060820152826080820152608081526132d660a082612a3e565b51906006612710fa6132e6613035565b5090565b50505f90565b5080156132a3565b612b72905462ffffff61331a818360c81c1664ffffffffff8460a01c16612c63565b9160e01c1690612c63565b818102929181159184041417156113b757565b90821561339b57602073ffffffffffffffffffffffffffffffffffffffff7f018ebeb0b47d6b51edd49e863b83fc8e4a257babf59cc01d51921250795f57a3921693845f526001825260405f20613390828254612c63565b9055604051908152a3565b505050565b909291926133af8385836134de565b506004811015610f73571590816134bb575b506134b257813b156134aa575f9361341b859461141260405193849260208401967f1626ba7e0000000000000000000000000000000000000000000000000000000088526024850152604060448501526064840191612d41565b51915afa613427613035565b8161349c575b81613436575090565b7f1626ba7e00000000000000000000000000000000000000000000000000000000915060208151910151906020811061346e57501490565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9060200360031b1b161490565b90506020815110159061342d565b505050505f90565b50505050600190565b905073ffffffffffffffffffffffffffffffffffffffff8084169116145f6133c1565b9060418303613508576135019250602081013591604082359201355f1a90613512565b9192909190565b50505f9160029190565b91907f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a08411613596579160209360809260ff5f9560405194855216868401526040830152606082015282805260015afa156104d1575f5173ffffffffffffffffffffffffffffffffffffffff81161561358c57905f905f90565b505f906001905f90565b5050505f916003919056",
}

// Settlement is an auto generated Go binding around an Ethereum contract.
type Settlement struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Settlement) GetABI() abi.ABI {
	return c.abi
}

// NewSettlement creates a new instance of Settlement.
func NewSettlement() *Settlement {
	parsed, err := SettlementMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Settlement{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Settlement) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address assets_) returns()
func (settlement *Settlement) PackConstructor(assets_ common.Address) []byte {
	enc, err := settlement.abi.Pack("", assets_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackMAXWINDOW is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdeb96634.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MAX_WINDOW() view returns(uint256)
func (settlement *Settlement) PackMAXWINDOW() []byte {
	enc, err := settlement.abi.Pack("MAX_WINDOW")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMAXWINDOW is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdeb96634.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MAX_WINDOW() view returns(uint256)
func (settlement *Settlement) TryPackMAXWINDOW() ([]byte, error) {
	return settlement.abi.Pack("MAX_WINDOW")
}

// UnpackMAXWINDOW is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xdeb96634.
//
// Solidity: function MAX_WINDOW() view returns(uint256)
func (settlement *Settlement) UnpackMAXWINDOW(data []byte) (*big.Int, error) {
	out, err := settlement.abi.Unpack("MAX_WINDOW", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMINWINDOW is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x52b65c4b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MIN_WINDOW() view returns(uint256)
func (settlement *Settlement) PackMINWINDOW() []byte {
	enc, err := settlement.abi.Pack("MIN_WINDOW")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMINWINDOW is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x52b65c4b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MIN_WINDOW() view returns(uint256)
func (settlement *Settlement) TryPackMINWINDOW() ([]byte, error) {
	return settlement.abi.Pack("MIN_WINDOW")
}

// UnpackMINWINDOW is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x52b65c4b.
//
// Solidity: function MIN_WINDOW() view returns(uint256)
func (settlement *Settlement) UnpackMINWINDOW(data []byte) (*big.Int, error) {
	out, err := settlement.abi.Unpack("MIN_WINDOW", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackAssets is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x71a97305.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function assets() view returns(address)
func (settlement *Settlement) PackAssets() []byte {
	enc, err := settlement.abi.Pack("assets")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAssets is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x71a97305.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function assets() view returns(address)
func (settlement *Settlement) TryPackAssets() ([]byte, error) {
	return settlement.abi.Pack("assets")
}

// UnpackAssets is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x71a97305.
//
// Solidity: function assets() view returns(address)
func (settlement *Settlement) UnpackAssets(data []byte) (common.Address, error) {
	out, err := settlement.abi.Unpack("assets", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackCancel is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xba24c74b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function cancel((address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order, bytes sellerSignature) returns()
func (settlement *Settlement) PackCancel(order Order, sellerSignature []byte) []byte {
	enc, err := settlement.abi.Pack("cancel", order, sellerSignature)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCancel is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xba24c74b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function cancel((address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order, bytes sellerSignature) returns()
func (settlement *Settlement) TryPackCancel(order Order, sellerSignature []byte) ([]byte, error) {
	return settlement.abi.Pack("cancel", order, sellerSignature)
}

// PackDeliver is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xcce4859a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function deliver((bytes32,bytes32,uint256,uint256,bytes32) delivery, bytes sellerSignature) returns()
func (settlement *Settlement) PackDeliver(delivery Delivery, sellerSignature []byte) []byte {
	enc, err := settlement.abi.Pack("deliver", delivery, sellerSignature)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDeliver is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xcce4859a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function deliver((bytes32,bytes32,uint256,uint256,bytes32) delivery, bytes sellerSignature) returns()
func (settlement *Settlement) TryPackDeliver(delivery Delivery, sellerSignature []byte) ([]byte, error) {
	return settlement.abi.Pack("deliver", delivery, sellerSignature)
}

// PackDomainSeparator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf698da25.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function domainSeparator() view returns(bytes32)
func (settlement *Settlement) PackDomainSeparator() []byte {
	enc, err := settlement.abi.Pack("domainSeparator")
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
func (settlement *Settlement) TryPackDomainSeparator() ([]byte, error) {
	return settlement.abi.Pack("domainSeparator")
}

// UnpackDomainSeparator is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf698da25.
//
// Solidity: function domainSeparator() view returns(bytes32)
func (settlement *Settlement) UnpackDomainSeparator(data []byte) ([32]byte, error) {
	out, err := settlement.abi.Unpack("domainSeparator", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackEnterAndFill is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf4bcd0f5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function enterAndFill(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures, (address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order, bytes sellerSignature, uint256 keyX, uint256 keyY, bytes32 hpkeHash) payable returns(bytes32)
func (settlement *Settlement) PackEnterAndFill(contentCommitment [32]byte, parent [32]byte, split []Share, signatures [][]byte, order Order, sellerSignature []byte, keyX *big.Int, keyY *big.Int, hpkeHash [32]byte) []byte {
	enc, err := settlement.abi.Pack("enterAndFill", contentCommitment, parent, split, signatures, order, sellerSignature, keyX, keyY, hpkeHash)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEnterAndFill is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf4bcd0f5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function enterAndFill(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures, (address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order, bytes sellerSignature, uint256 keyX, uint256 keyY, bytes32 hpkeHash) payable returns(bytes32)
func (settlement *Settlement) TryPackEnterAndFill(contentCommitment [32]byte, parent [32]byte, split []Share, signatures [][]byte, order Order, sellerSignature []byte, keyX *big.Int, keyY *big.Int, hpkeHash [32]byte) ([]byte, error) {
	return settlement.abi.Pack("enterAndFill", contentCommitment, parent, split, signatures, order, sellerSignature, keyX, keyY, hpkeHash)
}

// UnpackEnterAndFill is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf4bcd0f5.
//
// Solidity: function enterAndFill(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures, (address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order, bytes sellerSignature, uint256 keyX, uint256 keyY, bytes32 hpkeHash) payable returns(bytes32)
func (settlement *Settlement) UnpackEnterAndFill(data []byte) ([32]byte, error) {
	out, err := settlement.abi.Unpack("enterAndFill", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackFill is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5b0aa7be.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function fill((address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order, bytes sellerSignature, uint256 keyX, uint256 keyY, bytes32 hpkeHash) payable returns(bytes32)
func (settlement *Settlement) PackFill(order Order, sellerSignature []byte, keyX *big.Int, keyY *big.Int, hpkeHash [32]byte) []byte {
	enc, err := settlement.abi.Pack("fill", order, sellerSignature, keyX, keyY, hpkeHash)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFill is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5b0aa7be.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function fill((address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order, bytes sellerSignature, uint256 keyX, uint256 keyY, bytes32 hpkeHash) payable returns(bytes32)
func (settlement *Settlement) TryPackFill(order Order, sellerSignature []byte, keyX *big.Int, keyY *big.Int, hpkeHash [32]byte) ([]byte, error) {
	return settlement.abi.Pack("fill", order, sellerSignature, keyX, keyY, hpkeHash)
}

// UnpackFill is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x5b0aa7be.
//
// Solidity: function fill((address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order, bytes sellerSignature, uint256 keyX, uint256 keyY, bytes32 hpkeHash) payable returns(bytes32)
func (settlement *Settlement) UnpackFill(data []byte) ([32]byte, error) {
	out, err := settlement.abi.Unpack("fill", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackHashOrder is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x341a60ad.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function hashOrder((address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order) view returns(bytes32)
func (settlement *Settlement) PackHashOrder(order Order) []byte {
	enc, err := settlement.abi.Pack("hashOrder", order)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackHashOrder is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x341a60ad.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function hashOrder((address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order) view returns(bytes32)
func (settlement *Settlement) TryPackHashOrder(order Order) ([]byte, error) {
	return settlement.abi.Pack("hashOrder", order)
}

// UnpackHashOrder is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x341a60ad.
//
// Solidity: function hashOrder((address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order) view returns(bytes32)
func (settlement *Settlement) UnpackHashOrder(data []byte) ([32]byte, error) {
	out, err := settlement.abi.Unpack("hashOrder", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackMaterialiseAndFill is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb2af2313.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function materialiseAndFill(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures, bytes32[] proof, (address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order, bytes sellerSignature, uint256 keyX, uint256 keyY, bytes32 hpkeHash) payable returns(bytes32)
func (settlement *Settlement) PackMaterialiseAndFill(contentCommitment [32]byte, parent [32]byte, split []Share, signatures [][]byte, proof [][32]byte, order Order, sellerSignature []byte, keyX *big.Int, keyY *big.Int, hpkeHash [32]byte) []byte {
	enc, err := settlement.abi.Pack("materialiseAndFill", contentCommitment, parent, split, signatures, proof, order, sellerSignature, keyX, keyY, hpkeHash)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMaterialiseAndFill is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb2af2313.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function materialiseAndFill(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures, bytes32[] proof, (address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order, bytes sellerSignature, uint256 keyX, uint256 keyY, bytes32 hpkeHash) payable returns(bytes32)
func (settlement *Settlement) TryPackMaterialiseAndFill(contentCommitment [32]byte, parent [32]byte, split []Share, signatures [][]byte, proof [][32]byte, order Order, sellerSignature []byte, keyX *big.Int, keyY *big.Int, hpkeHash [32]byte) ([]byte, error) {
	return settlement.abi.Pack("materialiseAndFill", contentCommitment, parent, split, signatures, proof, order, sellerSignature, keyX, keyY, hpkeHash)
}

// UnpackMaterialiseAndFill is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb2af2313.
//
// Solidity: function materialiseAndFill(bytes32 contentCommitment, bytes32 parent, (address,uint16)[] split, bytes[] signatures, bytes32[] proof, (address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order, bytes sellerSignature, uint256 keyX, uint256 keyY, bytes32 hpkeHash) payable returns(bytes32)
func (settlement *Settlement) UnpackMaterialiseAndFill(data []byte) ([32]byte, error) {
	out, err := settlement.abi.Unpack("materialiseAndFill", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdf18e047.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function owed(address payee) view returns(uint256)
func (settlement *Settlement) PackOwed(payee common.Address) []byte {
	enc, err := settlement.abi.Pack("owed", payee)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdf18e047.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function owed(address payee) view returns(uint256)
func (settlement *Settlement) TryPackOwed(payee common.Address) ([]byte, error) {
	return settlement.abi.Pack("owed", payee)
}

// UnpackOwed is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xdf18e047.
//
// Solidity: function owed(address payee) view returns(uint256)
func (settlement *Settlement) UnpackOwed(data []byte) (*big.Int, error) {
	out, err := settlement.abi.Unpack("owed", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackProveWrongKey is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfc5edcc0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function proveWrongKey((address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order, (bytes32,bytes32,uint256,uint256,bytes32) delivery, bytes payloadCid, uint256 buyerSecret) returns()
func (settlement *Settlement) PackProveWrongKey(order Order, delivery Delivery, payloadCid []byte, buyerSecret *big.Int) []byte {
	enc, err := settlement.abi.Pack("proveWrongKey", order, delivery, payloadCid, buyerSecret)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackProveWrongKey is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfc5edcc0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function proveWrongKey((address,uint256,uint256,bytes32,bytes32,bytes32,uint64,uint32,uint32,bytes32) order, (bytes32,bytes32,uint256,uint256,bytes32) delivery, bytes payloadCid, uint256 buyerSecret) returns()
func (settlement *Settlement) TryPackProveWrongKey(order Order, delivery Delivery, payloadCid []byte, buyerSecret *big.Int) ([]byte, error) {
	return settlement.abi.Pack("proveWrongKey", order, delivery, payloadCid, buyerSecret)
}

// PackRefund is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7249fbb6.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function refund(bytes32 orderHash) returns()
func (settlement *Settlement) PackRefund(orderHash [32]byte) []byte {
	enc, err := settlement.abi.Pack("refund", orderHash)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRefund is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7249fbb6.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function refund(bytes32 orderHash) returns()
func (settlement *Settlement) TryPackRefund(orderHash [32]byte) ([]byte, error) {
	return settlement.abi.Pack("refund", orderHash)
}

// PackRelease is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xda94e83d.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function release(bytes32 orderHash, bytes32 contentCommitment, (address,uint16)[] split) returns()
func (settlement *Settlement) PackRelease(orderHash [32]byte, contentCommitment [32]byte, split []Share) []byte {
	enc, err := settlement.abi.Pack("release", orderHash, contentCommitment, split)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRelease is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xda94e83d.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function release(bytes32 orderHash, bytes32 contentCommitment, (address,uint16)[] split) returns()
func (settlement *Settlement) TryPackRelease(orderHash [32]byte, contentCommitment [32]byte, split []Share) ([]byte, error) {
	return settlement.abi.Pack("release", orderHash, contentCommitment, split)
}

// PackRevoke is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x22ca3886.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function revoke(bytes32 orderHash, bytes sellerSignature) returns()
func (settlement *Settlement) PackRevoke(orderHash [32]byte, sellerSignature []byte) []byte {
	enc, err := settlement.abi.Pack("revoke", orderHash, sellerSignature)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRevoke is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x22ca3886.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function revoke(bytes32 orderHash, bytes sellerSignature) returns()
func (settlement *Settlement) TryPackRevoke(orderHash [32]byte, sellerSignature []byte) ([]byte, error) {
	return settlement.abi.Pack("revoke", orderHash, sellerSignature)
}

// PackTrade is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe45a082a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function trade(bytes32 orderHash) view returns((uint8,address,address,uint256,uint256,uint64,uint64,uint64,uint64) t)
func (settlement *Settlement) PackTrade(orderHash [32]byte) []byte {
	enc, err := settlement.abi.Pack("trade", orderHash)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTrade is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe45a082a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function trade(bytes32 orderHash) view returns((uint8,address,address,uint256,uint256,uint64,uint64,uint64,uint64) t)
func (settlement *Settlement) TryPackTrade(orderHash [32]byte) ([]byte, error) {
	return settlement.abi.Pack("trade", orderHash)
}

// UnpackTrade is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe45a082a.
//
// Solidity: function trade(bytes32 orderHash) view returns((uint8,address,address,uint256,uint256,uint64,uint64,uint64,uint64) t)
func (settlement *Settlement) UnpackTrade(data []byte) (Trade, error) {
	out, err := settlement.abi.Unpack("trade", data)
	if err != nil {
		return *new(Trade), err
	}
	out0 := *abi.ConvertType(out[0], new(Trade)).(*Trade)
	return out0, nil
}

// PackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x51cff8d9.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function withdraw(address payee) returns()
func (settlement *Settlement) PackWithdraw(payee common.Address) []byte {
	enc, err := settlement.abi.Pack("withdraw", payee)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x51cff8d9.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function withdraw(address payee) returns()
func (settlement *Settlement) TryPackWithdraw(payee common.Address) ([]byte, error) {
	return settlement.abi.Pack("withdraw", payee)
}

// PackWithdrawTo is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x72b0d90c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function withdrawTo(address to) returns()
func (settlement *Settlement) PackWithdrawTo(to common.Address) []byte {
	enc, err := settlement.abi.Pack("withdrawTo", to)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWithdrawTo is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x72b0d90c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function withdrawTo(address to) returns()
func (settlement *Settlement) TryPackWithdrawTo(to common.Address) ([]byte, error) {
	return settlement.abi.Pack("withdrawTo", to)
}

// SettlementCancelled represents a Cancelled event raised by the Settlement contract.
type SettlementCancelled struct {
	OrderHash [32]byte
	Raw       *types.Log // Blockchain specific contextual infos
}

const SettlementCancelledEventName = "Cancelled"

// ContractEventName returns the user-defined event name.
func (SettlementCancelled) ContractEventName() string {
	return SettlementCancelledEventName
}

// UnpackCancelledEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Cancelled(bytes32 indexed orderHash)
func (settlement *Settlement) UnpackCancelledEvent(log *types.Log) (*SettlementCancelled, error) {
	event := "Cancelled"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != settlement.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SettlementCancelled)
	if len(log.Data) > 0 {
		if err := settlement.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range settlement.abi.Events[event].Inputs {
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

// SettlementCredited represents a Credited event raised by the Settlement contract.
type SettlementCredited struct {
	OrderHash [32]byte
	Payee     common.Address
	AmountWei *big.Int
	Raw       *types.Log // Blockchain specific contextual infos
}

const SettlementCreditedEventName = "Credited"

// ContractEventName returns the user-defined event name.
func (SettlementCredited) ContractEventName() string {
	return SettlementCreditedEventName
}

// UnpackCreditedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Credited(bytes32 indexed orderHash, address indexed payee, uint256 amountWei)
func (settlement *Settlement) UnpackCreditedEvent(log *types.Log) (*SettlementCredited, error) {
	event := "Credited"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != settlement.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SettlementCredited)
	if len(log.Data) > 0 {
		if err := settlement.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range settlement.abi.Events[event].Inputs {
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

// SettlementDelivered represents a Delivered event raised by the Settlement contract.
type SettlementDelivered struct {
	OrderHash  [32]byte
	GrantHash  [32]byte
	EphemeralX *big.Int
	EphemeralY *big.Int
	Masked     [32]byte
	Raw        *types.Log // Blockchain specific contextual infos
}

const SettlementDeliveredEventName = "Delivered"

// ContractEventName returns the user-defined event name.
func (SettlementDelivered) ContractEventName() string {
	return SettlementDeliveredEventName
}

// UnpackDeliveredEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Delivered(bytes32 indexed orderHash, bytes32 grantHash, uint256 ephemeralX, uint256 ephemeralY, bytes32 masked)
func (settlement *Settlement) UnpackDeliveredEvent(log *types.Log) (*SettlementDelivered, error) {
	event := "Delivered"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != settlement.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SettlementDelivered)
	if len(log.Data) > 0 {
		if err := settlement.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range settlement.abi.Events[event].Inputs {
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

// SettlementEIP712DomainChanged represents a EIP712DomainChanged event raised by the Settlement contract.
type SettlementEIP712DomainChanged struct {
	Raw *types.Log // Blockchain specific contextual infos
}

const SettlementEIP712DomainChangedEventName = "EIP712DomainChanged"

// ContractEventName returns the user-defined event name.
func (SettlementEIP712DomainChanged) ContractEventName() string {
	return SettlementEIP712DomainChangedEventName
}

// UnpackEIP712DomainChangedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event EIP712DomainChanged()
func (settlement *Settlement) UnpackEIP712DomainChangedEvent(log *types.Log) (*SettlementEIP712DomainChanged, error) {
	event := "EIP712DomainChanged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != settlement.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SettlementEIP712DomainChanged)
	if len(log.Data) > 0 {
		if err := settlement.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range settlement.abi.Events[event].Inputs {
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

// SettlementFilled represents a Filled event raised by the Settlement contract.
type SettlementFilled struct {
	OrderHash [32]byte
	TokenId   *big.Int
	Buyer     common.Address
	PriceWei  *big.Int
	KeyX      *big.Int
	KeyY      *big.Int
	HpkeHash  [32]byte
	Raw       *types.Log // Blockchain specific contextual infos
}

const SettlementFilledEventName = "Filled"

// ContractEventName returns the user-defined event name.
func (SettlementFilled) ContractEventName() string {
	return SettlementFilledEventName
}

// UnpackFilledEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Filled(bytes32 indexed orderHash, uint256 indexed tokenId, address indexed buyer, uint256 priceWei, uint256 keyX, uint256 keyY, bytes32 hpkeHash)
func (settlement *Settlement) UnpackFilledEvent(log *types.Log) (*SettlementFilled, error) {
	event := "Filled"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != settlement.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SettlementFilled)
	if len(log.Data) > 0 {
		if err := settlement.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range settlement.abi.Events[event].Inputs {
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

// SettlementRefunded represents a Refunded event raised by the Settlement contract.
type SettlementRefunded struct {
	OrderHash [32]byte
	Buyer     common.Address
	PriceWei  *big.Int
	Raw       *types.Log // Blockchain specific contextual infos
}

const SettlementRefundedEventName = "Refunded"

// ContractEventName returns the user-defined event name.
func (SettlementRefunded) ContractEventName() string {
	return SettlementRefundedEventName
}

// UnpackRefundedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Refunded(bytes32 indexed orderHash, address indexed buyer, uint256 priceWei)
func (settlement *Settlement) UnpackRefundedEvent(log *types.Log) (*SettlementRefunded, error) {
	event := "Refunded"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != settlement.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SettlementRefunded)
	if len(log.Data) > 0 {
		if err := settlement.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range settlement.abi.Events[event].Inputs {
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

// SettlementReleased represents a Released event raised by the Settlement contract.
type SettlementReleased struct {
	OrderHash [32]byte
	TokenId   *big.Int
	PriceWei  *big.Int
	Raw       *types.Log // Blockchain specific contextual infos
}

const SettlementReleasedEventName = "Released"

// ContractEventName returns the user-defined event name.
func (SettlementReleased) ContractEventName() string {
	return SettlementReleasedEventName
}

// UnpackReleasedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Released(bytes32 indexed orderHash, uint256 indexed tokenId, uint256 priceWei)
func (settlement *Settlement) UnpackReleasedEvent(log *types.Log) (*SettlementReleased, error) {
	event := "Released"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != settlement.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SettlementReleased)
	if len(log.Data) > 0 {
		if err := settlement.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range settlement.abi.Events[event].Inputs {
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

// SettlementRevoked represents a Revoked event raised by the Settlement contract.
type SettlementRevoked struct {
	OrderHash [32]byte
	Raw       *types.Log // Blockchain specific contextual infos
}

const SettlementRevokedEventName = "Revoked"

// ContractEventName returns the user-defined event name.
func (SettlementRevoked) ContractEventName() string {
	return SettlementRevokedEventName
}

// UnpackRevokedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Revoked(bytes32 indexed orderHash)
func (settlement *Settlement) UnpackRevokedEvent(log *types.Log) (*SettlementRevoked, error) {
	event := "Revoked"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != settlement.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SettlementRevoked)
	if len(log.Data) > 0 {
		if err := settlement.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range settlement.abi.Events[event].Inputs {
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

// SettlementWithdrawn represents a Withdrawn event raised by the Settlement contract.
type SettlementWithdrawn struct {
	Payee     common.Address
	To        common.Address
	AmountWei *big.Int
	Raw       *types.Log // Blockchain specific contextual infos
}

const SettlementWithdrawnEventName = "Withdrawn"

// ContractEventName returns the user-defined event name.
func (SettlementWithdrawn) ContractEventName() string {
	return SettlementWithdrawnEventName
}

// UnpackWithdrawnEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Withdrawn(address indexed payee, address indexed to, uint256 amountWei)
func (settlement *Settlement) UnpackWithdrawnEvent(log *types.Log) (*SettlementWithdrawn, error) {
	event := "Withdrawn"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != settlement.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SettlementWithdrawn)
	if len(log.Data) > 0 {
		if err := settlement.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range settlement.abi.Events[event].Inputs {
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

// SettlementWrongKeyProven represents a WrongKeyProven event raised by the Settlement contract.
type SettlementWrongKeyProven struct {
	OrderHash [32]byte
	Raw       *types.Log // Blockchain specific contextual infos
}

const SettlementWrongKeyProvenEventName = "WrongKeyProven"

// ContractEventName returns the user-defined event name.
func (SettlementWrongKeyProven) ContractEventName() string {
	return SettlementWrongKeyProvenEventName
}

// UnpackWrongKeyProvenEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event WrongKeyProven(bytes32 indexed orderHash)
func (settlement *Settlement) UnpackWrongKeyProvenEvent(log *types.Log) (*SettlementWrongKeyProven, error) {
	event := "WrongKeyProven"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != settlement.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SettlementWrongKeyProven)
	if len(log.Data) > 0 {
		if err := settlement.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range settlement.abi.Events[event].Inputs {
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
func (settlement *Settlement) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], settlement.abi.Errors["AlreadyRevoked"].ID.Bytes()[:4]) {
		return settlement.UnpackAlreadyRevokedError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["BadPoint"].ID.Bytes()[:4]) {
		return settlement.UnpackBadPointError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["BadSignature"].ID.Bytes()[:4]) {
		return settlement.UnpackBadSignatureError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["BadWindow"].ID.Bytes()[:4]) {
		return settlement.UnpackBadWindowError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["Ended"].ID.Bytes()[:4]) {
		return settlement.UnpackEndedError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["KeyIsRight"].ID.Bytes()[:4]) {
		return settlement.UnpackKeyIsRightError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["NotBuyer"].ID.Bytes()[:4]) {
		return settlement.UnpackNotBuyerError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["NotOwner"].ID.Bytes()[:4]) {
		return settlement.UnpackNotOwnerError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["NothingOwed"].ID.Bytes()[:4]) {
		return settlement.UnpackNothingOwedError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["PaymentRefused"].ID.Bytes()[:4]) {
		return settlement.UnpackPaymentRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["TooEarly"].ID.Bytes()[:4]) {
		return settlement.UnpackTooEarlyError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["TooLate"].ID.Bytes()[:4]) {
		return settlement.UnpackTooLateError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["WrongAsset"].ID.Bytes()[:4]) {
		return settlement.UnpackWrongAssetError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["WrongOpening"].ID.Bytes()[:4]) {
		return settlement.UnpackWrongOpeningError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["WrongPayload"].ID.Bytes()[:4]) {
		return settlement.UnpackWrongPayloadError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["WrongPrice"].ID.Bytes()[:4]) {
		return settlement.UnpackWrongPriceError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["WrongSecret"].ID.Bytes()[:4]) {
		return settlement.UnpackWrongSecretError(raw[4:])
	}
	if bytes.Equal(raw[:4], settlement.abi.Errors["WrongState"].ID.Bytes()[:4]) {
		return settlement.UnpackWrongStateError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// SettlementAlreadyRevoked represents a AlreadyRevoked error raised by the Settlement contract.
type SettlementAlreadyRevoked struct {
	OrderHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyRevoked(bytes32 orderHash)
func SettlementAlreadyRevokedErrorID() common.Hash {
	return common.HexToHash("0x90315de188eb047fc54ca36d1436afb1afc987c1864c711074a89029958f122f")
}

// UnpackAlreadyRevokedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyRevoked(bytes32 orderHash)
func (settlement *Settlement) UnpackAlreadyRevokedError(raw []byte) (*SettlementAlreadyRevoked, error) {
	out := new(SettlementAlreadyRevoked)
	if err := settlement.abi.UnpackIntoInterface(out, "AlreadyRevoked", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementBadPoint represents a BadPoint error raised by the Settlement contract.
type SettlementBadPoint struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BadPoint()
func SettlementBadPointErrorID() common.Hash {
	return common.HexToHash("0x03833c2a97a65176a4587b35a82527be9a6daa837bf7eebbd73bab00d6236ef4")
}

// UnpackBadPointError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BadPoint()
func (settlement *Settlement) UnpackBadPointError(raw []byte) (*SettlementBadPoint, error) {
	out := new(SettlementBadPoint)
	if err := settlement.abi.UnpackIntoInterface(out, "BadPoint", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementBadSignature represents a BadSignature error raised by the Settlement contract.
type SettlementBadSignature struct {
	Signer common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BadSignature(address signer)
func SettlementBadSignatureErrorID() common.Hash {
	return common.HexToHash("0x9a7d38d94d3da0d5188ab778bbe9a3a38c77802b1bf2426c15740dc786da791d")
}

// UnpackBadSignatureError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BadSignature(address signer)
func (settlement *Settlement) UnpackBadSignatureError(raw []byte) (*SettlementBadSignature, error) {
	out := new(SettlementBadSignature)
	if err := settlement.abi.UnpackIntoInterface(out, "BadSignature", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementBadWindow represents a BadWindow error raised by the Settlement contract.
type SettlementBadWindow struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BadWindow()
func SettlementBadWindowErrorID() common.Hash {
	return common.HexToHash("0x5419376ac9c2527386ba5d8758ca08c38e4273d9a9ec4ebd8ba2baada064d709")
}

// UnpackBadWindowError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BadWindow()
func (settlement *Settlement) UnpackBadWindowError(raw []byte) (*SettlementBadWindow, error) {
	out := new(SettlementBadWindow)
	if err := settlement.abi.UnpackIntoInterface(out, "BadWindow", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementEnded represents a Ended error raised by the Settlement contract.
type SettlementEnded struct {
	EndsAt uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error Ended(uint64 endsAt)
func SettlementEndedErrorID() common.Hash {
	return common.HexToHash("0xdde50e21585183201450b551254b53d3f73caaa9ba6b91424a4d98eede6f5119")
}

// UnpackEndedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error Ended(uint64 endsAt)
func (settlement *Settlement) UnpackEndedError(raw []byte) (*SettlementEnded, error) {
	out := new(SettlementEnded)
	if err := settlement.abi.UnpackIntoInterface(out, "Ended", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementKeyIsRight represents a KeyIsRight error raised by the Settlement contract.
type SettlementKeyIsRight struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error KeyIsRight()
func SettlementKeyIsRightErrorID() common.Hash {
	return common.HexToHash("0x0be7e33e6e829e7d680a710652dbe9880c35fec536a756362794b6499160b4bd")
}

// UnpackKeyIsRightError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error KeyIsRight()
func (settlement *Settlement) UnpackKeyIsRightError(raw []byte) (*SettlementKeyIsRight, error) {
	out := new(SettlementKeyIsRight)
	if err := settlement.abi.UnpackIntoInterface(out, "KeyIsRight", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementNotBuyer represents a NotBuyer error raised by the Settlement contract.
type SettlementNotBuyer struct {
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotBuyer(address caller)
func SettlementNotBuyerErrorID() common.Hash {
	return common.HexToHash("0x0eed4964bdba59f1f4a6af293f1d22a09b8d0f1e14d063f9e38b143777733580")
}

// UnpackNotBuyerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotBuyer(address caller)
func (settlement *Settlement) UnpackNotBuyerError(raw []byte) (*SettlementNotBuyer, error) {
	out := new(SettlementNotBuyer)
	if err := settlement.abi.UnpackIntoInterface(out, "NotBuyer", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementNotOwner represents a NotOwner error raised by the Settlement contract.
type SettlementNotOwner struct {
	TokenId *big.Int
	Seller  common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotOwner(uint256 tokenId, address seller)
func SettlementNotOwnerErrorID() common.Hash {
	return common.HexToHash("0xb9c08761b39290edeb2eaccc82f97335f55e0538265165b6a27841798afb244b")
}

// UnpackNotOwnerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotOwner(uint256 tokenId, address seller)
func (settlement *Settlement) UnpackNotOwnerError(raw []byte) (*SettlementNotOwner, error) {
	out := new(SettlementNotOwner)
	if err := settlement.abi.UnpackIntoInterface(out, "NotOwner", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementNothingOwed represents a NothingOwed error raised by the Settlement contract.
type SettlementNothingOwed struct {
	Payee common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NothingOwed(address payee)
func SettlementNothingOwedErrorID() common.Hash {
	return common.HexToHash("0x751b0fdaa408a0c7537afaf0af96a92598192bff093a0ad0f684a7c83bc223c9")
}

// UnpackNothingOwedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NothingOwed(address payee)
func (settlement *Settlement) UnpackNothingOwedError(raw []byte) (*SettlementNothingOwed, error) {
	out := new(SettlementNothingOwed)
	if err := settlement.abi.UnpackIntoInterface(out, "NothingOwed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementPaymentRefused represents a PaymentRefused error raised by the Settlement contract.
type SettlementPaymentRefused struct {
	To common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error PaymentRefused(address to)
func SettlementPaymentRefusedErrorID() common.Hash {
	return common.HexToHash("0xb6c30e5f0c557b120c5a0883d0096cc6767420d80c5f6be6285d840bc71edf68")
}

// UnpackPaymentRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error PaymentRefused(address to)
func (settlement *Settlement) UnpackPaymentRefusedError(raw []byte) (*SettlementPaymentRefused, error) {
	out := new(SettlementPaymentRefused)
	if err := settlement.abi.UnpackIntoInterface(out, "PaymentRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementTooEarly represents a TooEarly error raised by the Settlement contract.
type SettlementTooEarly struct {
	DueAt uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooEarly(uint64 dueAt)
func SettlementTooEarlyErrorID() common.Hash {
	return common.HexToHash("0xd606d83fc5c7e56637c0959f5077c3a15f782b710d7eab50461ed55fd6deb6ae")
}

// UnpackTooEarlyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooEarly(uint64 dueAt)
func (settlement *Settlement) UnpackTooEarlyError(raw []byte) (*SettlementTooEarly, error) {
	out := new(SettlementTooEarly)
	if err := settlement.abi.UnpackIntoInterface(out, "TooEarly", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementTooLate represents a TooLate error raised by the Settlement contract.
type SettlementTooLate struct {
	DueAt uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooLate(uint64 dueAt)
func SettlementTooLateErrorID() common.Hash {
	return common.HexToHash("0x4d673a06590205f21674ad45375abc81b85de145ee567806f534cab23841a1cf")
}

// UnpackTooLateError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooLate(uint64 dueAt)
func (settlement *Settlement) UnpackTooLateError(raw []byte) (*SettlementTooLate, error) {
	out := new(SettlementTooLate)
	if err := settlement.abi.UnpackIntoInterface(out, "TooLate", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementWrongAsset represents a WrongAsset error raised by the Settlement contract.
type SettlementWrongAsset struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongAsset()
func SettlementWrongAssetErrorID() common.Hash {
	return common.HexToHash("0xf170c67fbef37d60daa2c8494fe22631cd135dc228bcc58a8c645c15992ea504")
}

// UnpackWrongAssetError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongAsset()
func (settlement *Settlement) UnpackWrongAssetError(raw []byte) (*SettlementWrongAsset, error) {
	out := new(SettlementWrongAsset)
	if err := settlement.abi.UnpackIntoInterface(out, "WrongAsset", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementWrongOpening represents a WrongOpening error raised by the Settlement contract.
type SettlementWrongOpening struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongOpening()
func SettlementWrongOpeningErrorID() common.Hash {
	return common.HexToHash("0x3ec0c8a6e9de3f8d995ccc01970c9dd9a54b310eecf30bd7902fcf5179dd1553")
}

// UnpackWrongOpeningError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongOpening()
func (settlement *Settlement) UnpackWrongOpeningError(raw []byte) (*SettlementWrongOpening, error) {
	out := new(SettlementWrongOpening)
	if err := settlement.abi.UnpackIntoInterface(out, "WrongOpening", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementWrongPayload represents a WrongPayload error raised by the Settlement contract.
type SettlementWrongPayload struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongPayload()
func SettlementWrongPayloadErrorID() common.Hash {
	return common.HexToHash("0x3fa8b3fb2152b7b6db996608bb4f6313a07107e3c74701a3e6552de487908bcb")
}

// UnpackWrongPayloadError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongPayload()
func (settlement *Settlement) UnpackWrongPayloadError(raw []byte) (*SettlementWrongPayload, error) {
	out := new(SettlementWrongPayload)
	if err := settlement.abi.UnpackIntoInterface(out, "WrongPayload", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementWrongPrice represents a WrongPrice error raised by the Settlement contract.
type SettlementWrongPrice struct {
	PriceWei *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongPrice(uint256 priceWei)
func SettlementWrongPriceErrorID() common.Hash {
	return common.HexToHash("0x514817201513709ebd9c414919849e1b72df0322a824481018c1ba89f6a63718")
}

// UnpackWrongPriceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongPrice(uint256 priceWei)
func (settlement *Settlement) UnpackWrongPriceError(raw []byte) (*SettlementWrongPrice, error) {
	out := new(SettlementWrongPrice)
	if err := settlement.abi.UnpackIntoInterface(out, "WrongPrice", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementWrongSecret represents a WrongSecret error raised by the Settlement contract.
type SettlementWrongSecret struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongSecret()
func SettlementWrongSecretErrorID() common.Hash {
	return common.HexToHash("0xf86c49bc29377ac8559edf8e40740e9824a2522f54af67fe1ab8ea6a00dc3c95")
}

// UnpackWrongSecretError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongSecret()
func (settlement *Settlement) UnpackWrongSecretError(raw []byte) (*SettlementWrongSecret, error) {
	out := new(SettlementWrongSecret)
	if err := settlement.abi.UnpackIntoInterface(out, "WrongSecret", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SettlementWrongState represents a WrongState error raised by the Settlement contract.
type SettlementWrongState struct {
	OrderHash [32]byte
	State     uint8
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongState(bytes32 orderHash, uint8 state)
func SettlementWrongStateErrorID() common.Hash {
	return common.HexToHash("0x2b3263b3bc5546a88f5c442a231d009ce5a89c34654ca9a7911b5bb3939a1f60")
}

// UnpackWrongStateError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongState(bytes32 orderHash, uint8 state)
func (settlement *Settlement) UnpackWrongStateError(raw []byte) (*SettlementWrongState, error) {
	out := new(SettlementWrongState)
	if err := settlement.abi.UnpackIntoInterface(out, "WrongState", raw); err != nil {
		return nil, err
	}
	return out, nil
}
