// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Consent} from "../Faces.sol";
import {Rows} from "./Rows.sol";

/// @notice What it costs to be guarded and recovered, and to take consent back.
abstract contract PeopleGas is Rows {
    uint256 private constant PERSON_KEY = 0x9E50;

    function recoveries() internal {
        address person = vm.addr(PERSON_KEY);
        address fresh = vm.addr(PERSON_KEY + 1);
        bytes32 entry = keccak256(abi.encode(keccak256("Entry(address owner)"), person));
        uint256 id = identity.enter(person, signature(PERSON_KEY, digest(address(identity), entry)));
        (address[] memory guardians, uint256[] memory keys) = threeGuardians();
        bytes32 hash = identity.hashGuardians(2, guardians, 0);
        vm.prank(person);
        identity.nameGuardians(id, hash, 3 days, 0, "");
        note("identity: nameGuardians, the first");

        bytes32 typeHash = keccak256("Recovery(uint256 tokenId,address to,uint32 epoch,uint64 until)");
        uint256 until = block.timestamp;
        bytes32 toSign =
            digest(address(identity), keccak256(abi.encode(typeHash, id, fresh, 1, until)));
        bytes[] memory signatures = new bytes[](3);
        signatures[0] = signature(keys[0], toSign);
        signatures[2] = signature(keys[2], toSign);
        bytes memory accepted = signature(PERSON_KEY + 1, toSign);
        identity.recover(id, fresh, uint64(until), accepted, 2, guardians, 0, signatures);
        note("identity: recover, 2 of 3");
        vm.warp(until + 3 days + 1);
        identity.finish(id);
        note("identity: finish");
    }

    function consents() internal {
        Consent consent = Consent(deploy("Consent", ""));
        vm.prank(patient);
        consent.revoke(keccak256("a grant"));
        note("consent: revoke");
        vm.prank(patient);
        consent.revokeAll();
        note("consent: revokeAll, the first");
        vm.prank(patient);
        consent.revokeAll();
        note("consent: revokeAll, the next");
        bytes32 typeHash = keccak256("RevokeAll(address grantor,uint64 epoch)");
        bytes memory signed =
            signature(DOCTOR_KEY, digest(address(consent), keccak256(abi.encode(typeHash, doctor, 0))));
        vm.prank(relayer);
        consent.revokeAllFor(doctor, 0, signed);
        note("consent: revokeAllFor, the first");
    }

    function threeGuardians() private pure returns (address[] memory list, uint256[] memory keys) {
        list = new address[](3);
        keys = new uint256[](3);
        for (uint256 i = 0; i < 3; ++i) {
            keys[i] = 0x6A0 + i;
            for (uint256 j = i; j > 0 && vm.addr(keys[j]) < vm.addr(keys[j - 1]); --j) {
                (keys[j], keys[j - 1]) = (keys[j - 1], keys[j]);
            }
        }
        for (uint256 i = 0; i < 3; ++i) {
            list[i] = vm.addr(keys[i]);
        }
    }
}
