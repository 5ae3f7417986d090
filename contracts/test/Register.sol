// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CompanyTerms} from "../src/ICompanies.sol";
import {Contribution, Entry, Kind, Moving, Quitting} from "../src/ICompany.sol";
import {Companies, Company} from "./Faces.sol";
import {Fixture} from "./Fixture.sol";

/// @notice What people and a registrar sign for a company's register. Digests are built here from the text of the types,
/// not with the code under test.
abstract contract Register is Fixture {
    uint256 internal constant REGISTRAR_KEY = 0x2E6157A2;
    uint256 internal constant ANN_KEY = 0xA22E;
    uint256 internal constant BEN_KEY = 0xBE2E;
    uint256 internal constant CAT_KEY = 0xCA7E;

    address internal immutable registrar = vm.addr(REGISTRAR_KEY);
    address internal immutable ann = vm.addr(ANN_KEY);
    address internal immutable ben = vm.addr(BEN_KEY);
    address internal immutable cat = vm.addr(CAT_KEY);

    function companyTerms(address currency, uint32 cap) internal view returns (CompanyTerms memory) {
        return CompanyTerms({registrar: registrar, cap: cap, currency: currency, salt: bytes32(uint256(7))});
    }

    function founded(Companies companies, address currency, uint32 cap) internal returns (Company) {
        return Company(companies.found(companyTerms(currency, cap)));
    }

    function later() internal view returns (uint64) {
        return uint64(block.timestamp + 1 days);
    }

    function entryFor(address member, bytes32 nullifier) internal view returns (Entry memory) {
        return Entry({member: member, endsAt: later(), nullifier: nullifier, evidence: keccak256("a salted commitment")});
    }

    function entryDigest(Company c, Entry memory e) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Entry(address member,uint64 endsAt,bytes32 nullifier,bytes32 evidence)");
        return digest(address(c), keccak256(abi.encode(typeHash, e.member, e.endsAt, e.nullifier, e.evidence)));
    }

    /// @dev A person has one secret, here the hash of the first key it came with.
    function nullifierOf(Company c, uint256 key) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked("sinso/company/v1", keccak256(abi.encode(key)), address(c)));
    }

    function joins(Company c, uint256 key) internal {
        Entry memory e = entryFor(vm.addr(key), nullifierOf(c, key));
        bytes32 signed = entryDigest(c, e);
        bytes memory a = signature(REGISTRAR_KEY, signed);
        bytes memory b = signature(key, signed);
        vm.prank(relayer);
        c.join(e, a, b);
    }

    function contributionOf(Company c, address member, uint32 shares) internal view returns (Contribution memory) {
        (, uint256 number) = c.entryOf(member);
        return Contribution({
            member: member,
            shares: shares,
            cap: c.rules().cap,
            number: uint24(number),
            commitment: keccak256(abi.encode("salt", member, number)),
            endsAt: later()
        });
    }

    function contributionDigest(Company c, Contribution memory d) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Contribution(address member,uint32 shares,uint32 cap,uint24 number,bytes32 commitment,uint64 endsAt)"
        );
        return digest(
            address(c), keccak256(abi.encode(typeHash, d.member, d.shares, d.cap, d.number, d.commitment, d.endsAt))
        );
    }

    function contributes(Company c, uint256 key, uint32 shares) internal {
        Contribution memory d = contributionOf(c, vm.addr(key), shares);
        bytes32 signed = contributionDigest(c, d);
        bytes memory a = signature(REGISTRAR_KEY, signed);
        bytes memory b = signature(key, signed);
        vm.prank(relayer);
        c.contribute(d, a, b);
    }

    function movingDigest(Company c, Moving memory m) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Moving(address from,address to,uint64 endsAt)");
        return digest(address(c), keccak256(abi.encode(typeHash, m.from, m.to, m.endsAt)));
    }

    function moves(Company c, uint256 from, uint256 to) internal {
        Moving memory m = Moving(vm.addr(from), vm.addr(to), later());
        bytes32 signed = movingDigest(c, m);
        bytes memory a = signature(from, signed);
        bytes memory b = signature(to, signed);
        vm.prank(relayer);
        c.move(m, a, b);
    }

    function quittingDigest(Company c, Quitting memory q) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Quitting(address member,uint96 least,uint64 endsAt)");
        return digest(address(c), keccak256(abi.encode(typeHash, q.member, q.least, q.endsAt)));
    }

    function quits(Company c, uint256 key) internal {
        Quitting memory q = Quitting(vm.addr(key), 0, later());
        bytes memory signed = signature(key, quittingDigest(c, q));
        vm.prank(relayer);
        c.quit(q, signed);
    }

    function proposalDigest(Company c, Kind kind, uint160 value, uint256 nonce, uint64 endsAt)
        internal
        view
        returns (bytes32)
    {
        bytes32 typeHash = keccak256("Proposal(uint8 kind,uint160 value,uint256 nonce,uint64 endsAt)");
        return digest(address(c), keccak256(abi.encode(typeHash, kind, value, nonce, endsAt)));
    }

    function supportDigest(Company c, uint256 number) internal view returns (bytes32) {
        return digest(address(c), keccak256(abi.encode(keccak256("Support(uint256 number)"), number)));
    }

    function proposes(Company c, address who, Kind kind, uint160 value) internal returns (uint256) {
        uint64 endsAt = later();
        vm.prank(who);
        return c.propose(who, kind, value, endsAt, "");
    }

    function backs(Company c, address who, uint256 number) internal {
        vm.prank(who);
        c.support(number, who, "");
    }

    function gives(Company c, address from, address to, uint256 shares) internal {
        vm.prank(from);
        isTrue(c.transfer(to, shares), "transfer");
    }
}
