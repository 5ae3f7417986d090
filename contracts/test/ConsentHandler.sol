// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Grant, IConsent, Standing} from "../src/IConsent.sol";
import {Consent} from "./Faces.sol";
import {Fixture} from "./Fixture.sol";

/// @notice A person who grants and takes back, relayers who carry what she signed, once and again, and strangers who try.
/// @dev The model knows of each grant only whether it was ever taken back.
contract ConsentHandler is Fixture {
    Consent internal immutable CONSENT = Consent(deploy("Consent", ""));

    Grant[] private grants;
    bytes[] private signed; // in the order of the grants
    mapping(uint256 grant => bool dead) public dead;
    mapping(string step => uint256 count) public done;
    uint256 public nowAt = START;
    uint64[] private epochs; // of the person, all that ever were

    constructor() {
        setUp();
        epochs.push(0);
        _grant(0);
    }

    function grant(uint256 seed) external {
        if (grants.length < 6) _grant(seed);
    }

    function revoke(uint256 seed) external {
        uint256 i = seed % grants.length;
        address who = (seed >> 16) % 2 == 0 ? doctor : patient;
        bytes32 hash = CONSENT.hashGrant(grants[i]);
        _agree(_call(who, abi.encodeCall(IConsent.revoke, (hash))), true, "revoke");
        if (who == patient) dead[i] = true;
    }

    function revokeFor(uint256 seed) external {
        uint256 i = seed % grants.length;
        bool forged = (seed >> 16) % 2 == 0;
        bytes32 hash = CONSENT.hashGrant(grants[i]);
        bytes32 toSign = digest(
            address(CONSENT), keccak256(abi.encode(keccak256("Revocation(bytes32 grantHash)"), hash))
        );
        bytes memory word = signature(forged ? DOCTOR_KEY : PATIENT_KEY, toSign);
        bool ok = _call(relayer, abi.encodeCall(IConsent.revokeFor, (patient, hash, word)));
        _agree(ok, !forged, "revokeFor");
        if (ok) dead[i] = true;
    }

    function revokeAll(uint256 seed) external {
        address who = seed % 4 == 0 ? patient : doctor;
        _agree(_call(who, abi.encodeCall(IConsent.revokeAll, ())), true, "revokeAll");
        if (who == patient) _allDead();
    }

    function revokeAllFor(uint256 seed) external {
        uint64 epoch = epochs[seed % epochs.length];
        bool now_ = epoch == epochs[epochs.length - 1];
        bytes32 typeHash = keccak256("RevokeAll(address grantor,uint64 epoch)");
        bytes memory word =
            signature(PATIENT_KEY, digest(address(CONSENT), keccak256(abi.encode(typeHash, patient, epoch))));
        bool ok = _call(relayer, abi.encodeCall(IConsent.revokeAllFor, (patient, epoch, word)));
        _agree(ok, now_, "revokeAllFor");
        if (ok) _allDead();
    }

    /// Time passes, and the clock may go back: a chain of nodes is not to be trusted with it.
    function wait_(uint256 seed) external {
        nowAt = START + seed % 200;
        vm.warp(nowAt);
    }

    /// @dev Everything is compared in one call: each call of a test is a transaction of its own, which takes time.
    function check() external view {
        for (uint256 i = 0; i < grants.length; ++i) {
            Grant memory g = grants[i];
            Standing standing = CONSENT.standing(g, signed[i]);
            bool inTime = nowAt >= g.from && nowAt <= g.until;
            isTrue((standing == Standing.Revoked) == dead[i], "revoked is what was revoked, for ever");
            isTrue((standing == Standing.Open) == (inTime && !dead[i]), "the others open in their time");
        }
    }

    function _grant(uint256 seed) private {
        uint64 from = uint64(START + seed % 100);
        uint64 until = from + uint64((seed >> 16) % 100);
        uint64 epoch = epochs[epochs.length - 1];
        grants.push(Grant(patient, doctor, keccak256("s"), keccak256("p"), from, until, epoch, bytes32(grants.length)));
        signed.push(signature(PATIENT_KEY, CONSENT.hashGrant(grants[grants.length - 1])));
    }

    function _allDead() private {
        for (uint256 i = 0; i < grants.length; ++i) {
            dead[i] = true;
        }
        uint64 epoch = CONSENT.epochOf(patient);
        isTrue(epoch > epochs[epochs.length - 1], "an epoch rises");
        epochs.push(epoch);
    }

    function _agree(bool ok, bool allowed, string memory what) private {
        if (ok != allowed) revert NotTrue(string.concat(what, ok ? ": done, but not allowed" : ": refused, but allowed"));
        ++done[string.concat(what, ok ? "" : " refused")];
    }

    function _call(address who, bytes memory data) private returns (bool ok) {
        vm.prank(who);
        (ok,) = address(CONSENT).call(data);
    }
}
