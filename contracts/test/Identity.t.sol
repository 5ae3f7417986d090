// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC5192} from "../src/IERC5192.sol";
import {IIdentity} from "../src/IIdentity.sol";
import {Fixture} from "./Fixture.sol";
import {Wallet} from "./hostile/Wallet.sol";

contract IdentityTest is Fixture {
    function entry(address owner) private view returns (bytes32) {
        return digest(address(identity), keccak256(abi.encode(keccak256("Entry(address owner)"), owner)));
    }

    function enterPatient() private returns (uint256) {
        bytes memory signed = signature(PATIENT_KEY, entry(patient));
        vm.prank(relayer);
        return identity.enter(patient, signed);
    }

    function test_AnyoneCarriesASignedEntry() public {
        uint256 id = uint256(keccak256(abi.encode(keccak256("sinso/identity/v1"), patient)));
        bytes memory signed = signature(PATIENT_KEY, entry(patient));
        vm.expectEmit(true, true, true, true, address(identity));
        emit IERC721.Transfer(address(0), patient, id);
        vm.expectEmit(true, true, true, true, address(identity));
        emit IERC5192.Locked(id);
        vm.prank(relayer);
        eq(identity.enter(patient, signed), id, "token");
        eq(identity.ownerOf(id), patient, "owner");
        eq(identity.balanceOf(patient), 1, "balance");
        isTrue(identity.locked(id), "locked");
    }

    function test_OneForEverPerOwner() public {
        enterPatient();
        bytes memory signed = signature(PATIENT_KEY, entry(patient));
        wants(IIdentity.AlreadyEntered.selector, patient);
        identity.enter(patient, signed);
    }

    /// Whoever carries it: an address enters by its own signature, once, and by nobody else's.
    function testFuzz_AnAddressEntersByItsOwnSignatureAlone(uint128 key, uint128 forger, address by) public {
        address owner = vm.addr(uint256(key) + 1);
        bytes memory forged = signature(uint256(forger) + 1, entry(owner));
        bytes memory signed = signature(uint256(key) + 1, entry(owner));
        if (forger != key) {
            vm.prank(by);
            wants(IIdentity.BadSignature.selector, owner);
            identity.enter(owner, forged);
            eq(identity.balanceOf(owner), 0, "not entered");
        }
        vm.prank(by);
        uint256 id = identity.enter(owner, signed);
        eq(id, uint256(keccak256(abi.encode(keccak256("sinso/identity/v1"), owner))), "token");
        eq(identity.ownerOf(id), owner, "owner");
        eq(identity.identityOf(owner), id, "identity");
        vm.prank(by);
        wants(IIdentity.AlreadyEntered.selector, owner);
        identity.enter(owner, signed);
    }

    function test_NobodyEntersForAnother() public {
        bytes memory signed = signature(OTHER_KEY, entry(patient));
        wants(IIdentity.BadSignature.selector, patient);
        identity.enter(patient, signed);
        wants(IIdentity.BadSignature.selector, patient);
        identity.enter(patient, "");
        wants(IIdentity.BadSignature.selector, address(0));
        identity.enter(address(0), new bytes(65));
    }

    function test_ASignatureForAnotherChainIsWorthNothing() public {
        bytes memory signed = signature(PATIENT_KEY, entry(patient));
        vm.chainId(592);
        wants(IIdentity.BadSignature.selector, patient);
        identity.enter(patient, signed);
        identity.enter(patient, signature(PATIENT_KEY, entry(patient)));
    }

    function test_ASignatureWithHighSIsRefused() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PATIENT_KEY, entry(patient));
        // The order of secp256k1 (SEC 2 §2.4.1).
        uint256 high = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141 - uint256(s);
        wants(IIdentity.BadSignature.selector, patient);
        identity.enter(patient, abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27)));
    }

    function test_AContractSignsByERC1271() public {
        Wallet wallet = new Wallet();
        for (uint256 i = 0; i < uint256(Wallet.Mood.Honest); ++i) {
            wallet.be(Wallet.Mood(i));
            wants(IIdentity.BadSignature.selector, address(wallet));
            identity.enter(address(wallet), "anything");
        }
        wallet.be(Wallet.Mood.Honest);
        eq(identity.ownerOf(identity.enter(address(wallet), "anything")), address(wallet), "owner");
    }

    function test_AnAccountWithDelegatedCodeStillSignsByItsKey() public {
        vm.etch(patient, hex"60006000fd"); // reverts: no ERC-1271 here
        enterPatient();
    }

    function test_NothingMovesAndNothingIsApproved() public {
        uint256 id = enterPatient();
        bytes[] memory calls = new bytes[](5);
        calls[0] = abi.encodeCall(IERC721.transferFrom, (patient, other, id));
        calls[1] = abi.encodeWithSignature("safeTransferFrom(address,address,uint256)", patient, other, id);
        calls[2] = abi.encodeWithSignature("safeTransferFrom(address,address,uint256,bytes)", patient, other, id, "");
        calls[3] = abi.encodeCall(IERC721.approve, (other, id));
        calls[4] = abi.encodeCall(IERC721.setApprovalForAll, (other, true));
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(patient);
            (bool ok, bytes memory answer) = address(identity).call(calls[i]);
            isTrue(!ok && bytes4(answer) == IIdentity.Soulbound.selector, "Soulbound");
        }
        eq(identity.getApproved(id), address(0), "approved");
        isTrue(!identity.isApprovedForAll(patient, other), "operator");
    }

    function test_WhatDoesNotExistReverts() public {
        wants(IIdentity.NoSuchToken.selector, uint256(7));
        identity.ownerOf(7);
        wants(IIdentity.NoSuchToken.selector, uint256(7));
        identity.locked(7);
        wants(IIdentity.NoSuchToken.selector, uint256(7));
        identity.tokenURI(7);
        wants(IIdentity.NoSuchToken.selector, uint256(7));
        identity.getApproved(7);
        wants(IIdentity.ZeroAddress.selector);
        identity.balanceOf(address(0));
        eq(identity.balanceOf(patient), 0, "balance");
    }

    function test_ItSaysWhatItIs() public view {
        isTrue(identity.supportsInterface(type(IERC165).interfaceId), "ERC-165");
        isTrue(identity.supportsInterface(0x80ac58cd), "ERC-721");
        isTrue(identity.supportsInterface(0x5b5e139f), "ERC-721 metadata");
        isTrue(identity.supportsInterface(0xb45a3c0e), "ERC-5192");
        isTrue(!identity.supportsInterface(0xffffffff), "ERC-165 wants no 0xffffffff");
    }

    function test_TheTokenURIIsJSONWithoutThePerson() public {
        uint256 id = enterPatient();
        isTrue(bytes(identity.tokenURI(id)).length > 100, "a data URI");
        eq(
            keccak256(bytes(identity.tokenURI(id))),
            keccak256(bytes(expectedURI(id))),
            "data:application/json;base64 of name, description, token ID"
        );
    }

    function expectedURI(uint256 id) private pure returns (string memory) {
        // Written out by hand for the one token ID of this test's patient: 0x and 64 digits follow from it.
        bytes memory json = bytes.concat(
            '{"name":"SINSO identity","description":"One person\'s identity token. It cannot move and says nothing about the person.","properties":{"commitment":"',
            hexOf(id),
            '"}}'
        );
        return string.concat("data:application/json;base64,", base64(json));
    }

    function hexOf(uint256 id) private pure returns (bytes memory text) {
        text = "0x";
        for (uint256 i = 0; i < 64; ++i) {
            uint8 nibble = uint8((id >> (252 - 4 * i)) & 15);
            text = bytes.concat(text, bytes1(nibble < 10 ? 48 + nibble : 87 + nibble));
        }
    }

    /// @dev RFC 4648 §4, three bytes at a time.
    function base64(bytes memory data) private pure returns (string memory text) {
        bytes memory table = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        bytes memory out;
        for (uint256 i = 0; i < data.length; i += 3) {
            uint256 left = data.length - i;
            uint256 group = uint256(uint8(data[i])) << 16;
            if (left > 1) group |= uint256(uint8(data[i + 1])) << 8;
            if (left > 2) group |= uint256(uint8(data[i + 2]));
            out = bytes.concat(out, table[group >> 18], table[(group >> 12) & 63]);
            out = bytes.concat(out, left > 1 ? table[(group >> 6) & 63] : bytes1("="), left > 2 ? table[group & 63] : bytes1("="));
        }
        return string(out);
    }
}
