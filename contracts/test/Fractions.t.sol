// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IFraction} from "../src/IFraction.sol";
import {IFractions, FractionTerms} from "../src/IFractions.sol";
import {IPause} from "../src/IPause.sol";
import {FractionFixture} from "./FractionFixture.sol";
import {Fraction, Fractions} from "./Faces.sol";
import {Coin} from "./hostile/Coin.sol";

/// @notice How a vault comes to be.
contract FractionsTest is FractionFixture {
    function put(FractionTerms memory t, bytes4 why) private {
        wants(why);
        vm.prank(patient);
        assets.safeTransferFrom(patient, address(fractions), id, abi.encode(t));
    }

    function test_OneTransactionMakesAVault() public {
        FractionTerms memory t = terms(address(0));
        address there = fractions.fractionOf(id, t);
        eq(there.code.length, 0, "no code before");
        vm.expectEmit(true, true, true, true, address(fractions));
        emit IFractions.Fractionalised(id, there, patient, t);
        vm.expectEmit(true, true, true, true, there);
        emit IERC20.Transfer(address(0), patient, SUPPLY);
        Fraction f = fractionalise(t);
        eq(there.code.length, 45 + 76, "a clone with its terms");
        eq(assets.ownerOf(id), there, "the asset is in the vault");
        eq(f.totalSupply(), SUPPLY, "supply");
        eq(f.balanceOf(patient), SUPPLY, "the owner has all");
        eq(f.tokenId(), id, "token");
        eq(f.currency(), address(0), "currency");
        eq(f.steward(), steward, "steward");
        eq(f.decimals(), 0, "decimals");
        eq(keccak256(bytes(f.symbol())), keccak256("SINSO-F"), "symbol");
    }

    function test_TheNameTellsVaultsApart() public {
        Fraction f = fractionalise(terms(address(0)));
        bytes memory digits = bytes("0123456789abcdef");
        bytes memory want = bytes("SINSO fraction ________");
        bytes32 word = bytes32(id);
        for (uint256 i = 0; i < 4; ++i) {
            want[15 + 2 * i] = digits[uint8(word[i]) / 16];
            want[16 + 2 * i] = digits[uint8(word[i]) % 16];
        }
        eq(keccak256(bytes(f.name())), keccak256(want), "name");
    }

    function testFuzz_TermsAreTheAddress(FractionTerms memory a, FractionTerms memory b, uint256 idA, uint256 idB) public view {
        bool same = idA == idB && keccak256(abi.encode(a)) == keccak256(abi.encode(b));
        isTrue((fractions.fractionOf(idA, a) == fractions.fractionOf(idB, b)) == same, "one address for one set of terms");
    }

    function testFuzz_TermsAreKept(uint32 supply, address who, bytes32 salt) public {
        vm.assume(supply != 0);
        FractionTerms memory t = FractionTerms(supply, address(new Coin(Coin.Habit.Plain)), who, salt);
        Fraction f = fractionalise(t);
        eq(f.currency(), t.currency, "currency");
        eq(f.steward(), who, "steward");
        eq(f.totalSupply(), supply, "supply");
        eq(f.balanceOf(patient), supply, "balance");
        eq(f.tokenId(), id, "token");
    }

    function test_BadTermsAreRefused() public {
        FractionTerms memory t = terms(address(0));
        t.supply = 0;
        put(t, IFractions.BadTerms.selector);
        t = terms(address(0xD1E));
        put(t, IFractions.BadTerms.selector);
        t = terms(address(assets));
        put(t, IFractions.BadTerms.selector);
        eq(assets.ownerOf(id), patient, "nothing moved");
        vm.expectRevert();
        vm.prank(patient);
        assets.safeTransferFrom(patient, address(fractions), id, "no terms");
    }

    function test_OneFractionIsEnough() public {
        FractionTerms memory t = terms(address(0));
        t.supply = 1;
        eq(fractionalise(t).totalSupply(), 1, "supply");
    }

    function test_OnlyAssetsAreTaken() public {
        wants(IFractions.NotAnAsset.selector, address(this));
        fractions.onERC721Received(patient, patient, id, abi.encode(terms(address(0))));
    }

    /// Nobody but Assets hands one in: a vault stands where an asset came, and nowhere else.
    function testFuzz_NobodyButAssetsHandsOneIn(address by, address from, uint256 which, uint32 supply, bytes32 salt) public {
        vm.assume(by != address(assets) && which != id);
        FractionTerms memory t = FractionTerms(supply, address(0), steward, salt);
        vm.prank(by);
        wants(IFractions.NotAnAsset.selector, by);
        fractions.onERC721Received(by, from, which, abi.encode(t));
        eq(fractions.fractionOf(which, t).code.length, 0, "no vault");
        if (supply == 0) return;
        vm.prank(address(assets));
        vm.expectRevert(); // it has to be here, too
        fractions.onERC721Received(by, from, which, abi.encode(t));
        eq(fractionalise(t).balanceOf(patient), supply, "of an asset that came");
    }

    /// However often and by whomever: a vault is started once, by what made it.
    function testFuzz_NobodyStartsAVaultAgain(address by, bool factory, address holder, uint32 given) public {
        Fraction f = fractionalise(terms(address(0)));
        give(f, patient, ann, given % (SUPPLY + 1));
        if (factory) by = address(fractions);
        vm.prank(by);
        wants(IFraction.NotFactory.selector, by);
        f.start(holder);
        eq(f.totalSupply(), SUPPLY, "supply");
        eq(f.balanceOf(patient) + f.balanceOf(ann), SUPPLY, "of the same two");
    }

    function test_APauseStopsNewVaultsAlone() public {
        pauser.pause(uint64(START + 1));
        vm.expectRevert(abi.encodeWithSelector(IPause.Paused.selector, START + 1));
        vm.prank(patient);
        assets.safeTransferFrom(patient, address(fractions), id, abi.encode(terms(address(0))));
        vm.warp(START + 1);
        Fraction f = fractionalise(terms(address(0)));
        pauser.pause(uint64(START + 100 days));
        vm.prank(patient);
        f.reunite();
        eq(assets.ownerOf(id), patient, "out while paused");
    }

    function test_WithoutAPauseThereIsNone() public {
        fractions = Fractions(deploy("Fractions", abi.encode(assets, exchange, address(0))));
        eq(fractionalise(terms(address(0))).totalSupply(), SUPPLY, "supply");
    }

    function test_TheSameTermsMakeOneVault() public {
        Fraction f = fractionalise(terms(address(0)));
        vm.prank(patient);
        f.reunite();
        bytes memory data = abi.encode(terms(address(0)));
        vm.expectRevert();
        vm.prank(patient);
        assets.safeTransferFrom(patient, address(fractions), id, data);
        FractionTerms memory t = terms(address(0));
        t.salt = bytes32(uint256(8));
        Fraction next = fractionalise(t);
        isTrue(address(next) != address(f), "another salt, another vault");
        eq(f.totalSupply(), 0, "the old one is empty");
    }

    function test_NobodyStartsAVaultAgain() public {
        Fraction f = fractionalise(terms(address(0)));
        wants(IFraction.NotFactory.selector, patient);
        vm.prank(patient);
        f.start(patient);
        wants(IFraction.NotFactory.selector, address(fractions));
        vm.prank(address(fractions));
        f.start(patient);
        eq(f.totalSupply(), SUPPLY, "supply");
    }

    /// The implementation is what the clone's code points to: bytes 10 to 30 of ERC-1167.
    function test_TheSharedCodeIsNoVault() public {
        Fraction f = fractionalise(terms(address(0)));
        bytes memory code = address(f).code;
        address there;
        assembly {
            there := shr(96, mload(add(code, 42)))
        }
        Fraction shared = Fraction(there);
        bytes4 none = IFraction.NoVault.selector;
        wants(none);
        vm.prank(address(fractions));
        shared.start(patient);
        wants(none);
        shared.collect();
        wants(none);
        shared.deposit(0);
        wants(none);
        shared.offer(1);
        wants(none);
        shared.object();
        wants(none);
        shared.choose(patient);
        wants(none);
        shared.reunite();
        wants(none);
        shared.tokenId();
        isTrue(shared.isValidSignature(0, new bytes(32)) == 0xffffffff, "it has signed nothing");
        wants(IFraction.NoOffer.selector);
        shared.close();
        wants(IFraction.NotClosed.selector);
        shared.redeem(patient);
        vm.deal(address(this), 1);
        (bool ok,) = there.call{value: 1}("");
        isTrue(!ok, "it takes no money");
        eq(shared.totalSupply(), 0, "no fractions");
    }

    function test_AFakeIsAtAnotherAddress() public {
        Fraction f = fractionalise(terms(address(0)));
        bytes memory code = address(f).code;
        address there;
        assembly {
            there := shr(96, mload(add(code, 42)))
        }
        bytes memory args = abi.encodePacked(id, address(0), address(this), SUPPLY);
        Fraction fake = Fraction(Clones.cloneDeterministicWithImmutableArgs(there, args, bytes32(uint256(7))));
        isTrue(address(fake) != fractions.fractionOf(id, terms(address(0))), "elsewhere");
        wants(IFraction.NotFactory.selector, address(this));
        fake.start(address(this));
    }
}
