// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Curve} from "../src/Curve.sol";
import {Share} from "../src/IAssets.sol";
import {Delivery} from "../src/IExchange.sol";
import {Base} from "./Base.sol";
import {Assets, Identity} from "./Faces.sol";

/// @notice The contracts on a fresh chain, some people, and what they sign. Digests are built here from the text of the
/// types, not with the code under test.
abstract contract Fixture is Base {
    uint256 internal constant PATIENT_KEY = 0xA11CE;
    uint256 internal constant DOCTOR_KEY = 0xD0C;
    uint256 internal constant OTHER_KEY = 0x07E12;
    uint256 internal constant BUYER_SECRET = 0xB0B5EC2E7;
    uint256 internal constant START = 1_800_000_000; // unix seconds
    bytes32 internal constant CONTENT = keccak256("a salted commitment");
    bytes32 internal constant CEK = keccak256("a content key");
    bytes32 internal constant HPKE_HASH = keccak256("an HPKE public key");
    bytes internal constant CID = hex"015512200102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";

    string internal constant SALE_TYPE =
        "Sale(address seller,address taker,address collection,uint256 tokenId,address currency,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint256 salt)";

    address internal immutable patient = vm.addr(PATIENT_KEY);
    address internal immutable doctor = vm.addr(DOCTOR_KEY);
    address internal immutable other = vm.addr(OTHER_KEY);
    address internal immutable buyer = address(0xB0B);
    address internal immutable relayer = address(0x5E1A);

    // Set up once: sha256 is a call, which a cheat code meant for the next call would take for its own.
    bytes32 internal commitment;

    Identity internal identity;
    Assets internal assets;

    function setUp() public virtual {
        vm.warp(START);
        commitment = sha256(abi.encodePacked("sinso/key/v1", CEK, CID));
        identity = Identity(deploy("Identity", ""));
        assets = Assets(deploy("Assets", ""));
        vm.deal(buyer, 1000 ether);
    }

    // Splits and assets.

    function splitOf(address a, uint16 aBps, address b, uint16 bBps) internal pure returns (Share[] memory split) {
        split = new Share[](2);
        split[0] = Share(a, aBps);
        split[1] = Share(b, bBps);
    }

    function usualSplit() internal view returns (Share[] memory) {
        return splitOf(patient, 7001, doctor, 2999);
    }

    function tokenOf(bytes32 content, Share[] memory split) internal pure returns (uint256) {
        bytes32 splitHash = keccak256(abi.encode(split));
        return uint256(keccak256(abi.encode(keccak256("sinso/asset/v1"), split[0].payee, content, splitHash)));
    }

    function assetDigest(bytes32 content, bytes32 parent, Share[] memory split) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Asset(address creator,bytes32 contentCommitment,bytes32 splitHash,bytes32 parent)");
        bytes32 splitHash = keccak256(abi.encode(split));
        return digest(address(assets), keccak256(abi.encode(typeHash, split[0].payee, content, splitHash, parent)));
    }

    /// @dev What a creator signs to have its asset minted by a sale in that market. `sale` is the struct hash of what is sold.
    function voucherDigest(bytes32 content, bytes32 parent, Share[] memory split, address market, bytes32 sale)
        internal
        view
        returns (bytes32)
    {
        string memory assetType = "Asset(address creator,bytes32 contentCommitment,bytes32 splitHash,bytes32 parent)";
        bytes32 typeHash =
            keccak256(abi.encodePacked("Voucher(Asset asset,address market,Sale sale)", assetType, SALE_TYPE));
        bytes32 splitHash = keccak256(abi.encode(split));
        bytes32 asset = keccak256(abi.encode(keccak256(bytes(assetType)), split[0].payee, content, splitHash, parent));
        return digest(address(assets), keccak256(abi.encode(typeHash, asset, market, sale)));
    }

    function batchDigest(bytes32 root) internal view returns (bytes32) {
        return digest(address(assets), keccak256(abi.encode(keccak256("Batch(bytes32 root)"), root)));
    }

    function signaturesOf(bytes32 content, bytes32 parent, Share[] memory split, uint256[] memory keys)
        internal
        view
        returns (bytes[] memory signatures)
    {
        bytes32 toSign = assetDigest(content, parent, split);
        signatures = new bytes[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            signatures[i] = signature(keys[i], toSign);
        }
    }

    function usualKeys() internal pure returns (uint256[] memory keys) {
        keys = new uint256[](2);
        keys[0] = PATIENT_KEY;
        keys[1] = DOCTOR_KEY;
    }

    function enterUsual() internal returns (uint256) {
        bytes[] memory signatures = signaturesOf(CONTENT, 0, usualSplit(), usualKeys());
        vm.prank(relayer);
        return assets.enter(CONTENT, 0, usualSplit(), signatures);
    }

    // Keys of buyers, and what is sealed to them.

    function buyerKey() internal view returns (uint256, uint256) {
        return Curve.mul(1, 2, BUYER_SECRET);
    }

    /// @dev The seller's answer, made from the buyer's public key as the seller makes it.
    function boxFor(bytes32 orderHash, bytes32 cek, uint256 r) internal view returns (Delivery memory d) {
        (uint256 bx, uint256 by) = buyerKey();
        (uint256 sx, uint256 sy) = Curve.mul(bx, by, r);
        (d.ephemeralX, d.ephemeralY) = Curve.mul(1, 2, r);
        d.orderHash = orderHash;
        d.grantHash = keccak256("grant");
        d.masked = cek ^ sha256(abi.encodePacked("sinso/keybox/v1", sx, sy, orderHash));
    }

    /// @dev EIP-712, from the text of its domain.
    function digest(address verifier, bytes32 structHash) internal view returns (bytes32) {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("SINSO"),
                keccak256("1"),
                block.chainid,
                verifier
            )
        );
        return keccak256(abi.encodePacked(hex"1901", separator, structHash));
    }
}
