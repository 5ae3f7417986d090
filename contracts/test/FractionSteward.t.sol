// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Share} from "../src/IAssets.sol";
import {IAssets} from "../src/IAssets.sol";
import {Delivery, ISettlement, Order, State} from "../src/ISettlement.sol";
import {FractionTerms} from "../src/IFractions.sol";
import {FractionFixture} from "./FractionFixture.sol";
import {Fraction} from "./Faces.sol";
import {Coin} from "./hostile/Coin.sol";
import {Wallet} from "./hostile/Wallet.sol";

/// @notice What the steward can sign for a vault, and what nobody can (ERC-1271).
contract FractionStewardTest is FractionFixture {
    bytes4 private constant YES = 0x1626ba7e;
    bytes4 private constant NO = 0xffffffff;

    Fraction private f;

    function setUp() public override {
        super.setUp();
        f = fractionalise(terms(address(0)));
    }

    /// @dev The struct hash of an order, from the text of its type.
    function structOf(Order memory o) private pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Order(address seller,uint256 tokenId,uint256 priceWei,bytes32 keyCommitment,bytes32 payloadHash,bytes32 termsHash,uint64 endsAt,uint32 deliverWithin,uint32 disputeWithin,bytes32 salt)"
        );
        return keccak256(abi.encode(typeHash, o));
    }

    function order() private view returns (Order memory o) {
        o = usualOrder();
        o.seller = address(f);
        o.priceWei = 1 ether;
    }

    /// @dev What the vault takes for a signature: the struct hash, then the steward's.
    function wrapped(uint256 key, bytes32 structHash) private view returns (bytes memory) {
        return abi.encodePacked(structHash, signature(key, digest(address(settlement), structHash)));
    }

    function fillBy(bytes memory signed, bool refused) private returns (bytes32) {
        (uint256 x, uint256 y) = buyerKey();
        if (refused) wants(ISettlement.BadSignature.selector, address(f));
        vm.prank(buyer);
        return settlement.fill{value: 1 ether}(order(), signed, x, y, HPKE_HASH);
    }

    function test_TheVaultSellsALicenceAndHoldersShareIt() public {
        give(f, patient, ann, 250);
        bytes32 hash = fillBy(wrapped(STEWARD_KEY, structOf(order())), false);
        Delivery memory d = boxFor(hash, CEK, 0x5EED);
        bytes32 typeHash = keccak256(
            "Delivery(bytes32 orderHash,bytes32 grantHash,uint256 ephemeralX,uint256 ephemeralY,bytes32 masked)"
        );
        settlement.deliver(d, wrapped(STEWARD_KEY, keccak256(abi.encode(typeHash, d))));
        vm.prank(buyer);
        settlement.release(hash, CONTENT, usualSplit());
        settlement.withdraw(address(f));
        f.collect();
        eq(f.owed(ann), 0.225 ether, "a quarter of 90 %");
        eq(f.owed(patient), 0.675 ether, "the rest of it");
        bytes32 revoke = keccak256(abi.encode(keccak256("Revoke(bytes32 orderHash)"), hash));
        settlement.revoke(hash, wrapped(STEWARD_KEY, revoke));
        isTrue(settlement.trade(hash).revokedAt != 0, "revoked");
    }

    function test_OnlyTheStewardSigns() public {
        bytes32 structHash = structOf(order());
        fillBy(wrapped(PATIENT_KEY, structHash), true);
        vm.prank(patient);
        f.choose(doctor);
        fillBy(wrapped(STEWARD_KEY, structHash), true);
        bytes32 hash = fillBy(wrapped(DOCTOR_KEY, structHash), false);
        isTrue(settlement.trade(hash).state == State.Filled, "the new steward's");
    }

    function test_AContractCanBeSteward() public {
        Wallet wallet = new Wallet();
        vm.prank(patient);
        f.choose(address(wallet));
        bytes32 structHash = structOf(order());
        bytes memory signed = abi.encodePacked(structHash);
        eq(f.isValidSignature(digest(address(settlement), structHash), signed), NO, "it refuses");
        wallet.be(Wallet.Mood.Honest);
        eq(f.isValidSignature(digest(address(settlement), structHash), signed), YES, "it signs");
        eq(f.isValidSignature(digest(address(assets), structHash), signed), NO, "but not for another contract");
        wallet.be(Wallet.Mood.Reverts);
        eq(f.isValidSignature(digest(address(settlement), structHash), signed), NO, "it reverts");
    }

    function test_NobodySignsForAVaultWithoutSteward() public {
        vm.prank(patient);
        f.reunite();
        f = fractionalise(withoutSteward());
        bytes32 structHash = structOf(order());
        bytes memory none = abi.encodePacked(structHash, new bytes(65));
        eq(f.isValidSignature(digest(address(settlement), structHash), none), NO, "zero");
    }

    function withoutSteward() private view returns (FractionTerms memory t) {
        t = terms(address(0));
        t.steward = address(0);
    }

    /// Whatever the digest is: the steward's signature of it is the vault's only if it is Settlement's.
    function testFuzz_AnotherContractsDigestIsNeverSigned(address verifier, bytes32 structHash, bool plain) public view {
        bytes32 hash = plain ? structHash : digest(verifier, structHash);
        bytes memory signed = abi.encodePacked(structHash, signature(STEWARD_KEY, hash));
        bytes4 want = !plain && verifier == address(settlement) ? YES : NO;
        eq(f.isValidSignature(hash, signed), want, "answer");
        bytes32 ours = digest(address(settlement), structHash);
        eq(f.isValidSignature(ours, abi.encodePacked(structHash, signature(STEWARD_KEY, ours))), YES, "Settlement's");
    }

    function testFuzz_NoOtherSignatureIsTaken(bytes32 hash, bytes calldata signed) public view {
        eq(f.isValidSignature(hash, signed), NO, "answer");
    }

    function test_AShortSignatureIsNone() public view {
        bytes32 structHash = structOf(order());
        bytes32 hash = digest(address(settlement), structHash);
        eq(f.isValidSignature(hash, ""), NO, "empty");
        eq(f.isValidSignature(hash, new bytes(31)), NO, "31 bytes");
        eq(f.isValidSignature(hash, abi.encodePacked(structHash)), NO, "no signature");
        eq(f.isValidSignature(hash, abi.encodePacked(structHash, new bytes(65))), NO, "zeros");
        eq(f.isValidSignature(hash, signature(STEWARD_KEY, hash)), NO, "not wrapped");
    }

    function test_TheVaultEntersNoAsset() public {
        Share[] memory split = new Share[](1);
        split[0] = Share(address(f), 10_000);
        bytes32 toSign = assetDigest(CONTENT, 0, split);
        bytes32 typeHash =
            keccak256("Asset(address creator,bytes32 contentCommitment,bytes32 splitHash,bytes32 parent)");
        bytes32 structHash =
            keccak256(abi.encode(typeHash, address(f), CONTENT, keccak256(abi.encode(split)), bytes32(0)));
        eq(digest(address(assets), structHash), toSign, "the digest");
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = abi.encodePacked(structHash, signature(STEWARD_KEY, toSign));
        vm.expectRevert(abi.encodeWithSelector(IAssets.BadSignature.selector, address(f)));
        assets.enter(CONTENT, 0, split, signatures);
    }

    function test_TheStewardMovesNothing() public {
        vm.expectRevert();
        vm.prank(steward);
        assets.transferFrom(address(f), steward, id);
        eq(assets.getApproved(id), address(0), "nobody is approved");
        vm.expectRevert();
        vm.prank(steward);
        f.reunite();
    }

    function test_AVaultOfAnotherCurrencySellsNothingForThis() public {
        vm.prank(patient);
        f.reunite();
        f = fractionalise(terms(address(new Coin(Coin.Habit.Plain))));
        bytes32 structHash = structOf(order());
        bytes memory signed = wrapped(STEWARD_KEY, structHash);
        eq(f.isValidSignature(digest(address(settlement), structHash), signed), NO, "it could not be paid");
    }

    function test_AfterTheSaleOrdersAreVoidAndDeliveriesAreNot() public {
        bytes32 hash = fillBy(wrapped(STEWARD_KEY, structOf(order())), false);
        vm.prank(patient);
        f.reunite();
        Order memory next = order();
        next.salt = bytes32(uint256(9));
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = wrapped(STEWARD_KEY, structOf(next));
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotOwner.selector, id, address(f)));
        vm.prank(buyer);
        settlement.fill{value: 1 ether}(next, signed, x, y, HPKE_HASH);
        Delivery memory d = boxFor(hash, CEK, 0x5EED);
        bytes32 typeHash = keccak256(
            "Delivery(bytes32 orderHash,bytes32 grantHash,uint256 ephemeralX,uint256 ephemeralY,bytes32 masked)"
        );
        settlement.deliver(d, wrapped(STEWARD_KEY, keccak256(abi.encode(typeHash, d))));
        vm.prank(buyer);
        settlement.release(hash, CONTENT, usualSplit());
        settlement.withdraw(address(f));
        f.collect();
        eq(f.owed(patient), 0.9 ether, "the last owner's");
    }
}
