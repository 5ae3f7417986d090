// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Buyout} from "../src/IFraction.sol";
import {Base} from "./Base.sol";
import {FractionHandler} from "./FractionHandler.sol";
import {Fraction} from "./Faces.sol";

/// @notice Over any sequence of transfers, dividends, elections, offers, objections and ways out: nobody mints, each wei
/// is somebody's, and the asset is in the vault until it is bought or reunited.
contract FractionInvariantsTest is Base {
    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    FractionHandler private h;

    function setUp() public {
        h = new FractionHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(h);
    }

    function targetSelectors() public view returns (Selectors[] memory targets) {
        bytes4[20] memory steps = [
            FractionHandler.transfer.selector,
            FractionHandler.transfer.selector,
            FractionHandler.gather.selector,
            FractionHandler.deposit.selector,
            FractionHandler.deposit.selector,
            FractionHandler.arrive.selector,
            FractionHandler.collect.selector,
            FractionHandler.withdraw.selector,
            FractionHandler.withdrawTo.selector,
            FractionHandler.offer.selector,
            FractionHandler.offer.selector,
            FractionHandler.object.selector,
            FractionHandler.choose.selector,
            FractionHandler.unlock.selector,
            FractionHandler.unlock.selector,
            FractionHandler.close.selector,
            FractionHandler.redeem.selector,
            FractionHandler.reunite.selector,
            FractionHandler.again.selector,
            FractionHandler.wait_.selector
        ];
        targets = new Selectors[](1);
        targets[0] = Selectors(address(h), new bytes4[](steps.length));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
    }

    function invariant_TheSupplyIsTheBalances() public view {
        Fraction f = h.f();
        uint256 sum;
        for (uint256 i = 0; i < h.count(); ++i) {
            FractionHandler.Person memory p = h.person(i);
            eq(f.balanceOf(p.who), p.units, "balance");
            eq(f.lockedOf(p.who), p.locked, "locked");
            sum += f.balanceOf(p.who);
        }
        eq(f.totalSupply(), sum, "supply = balances");
        isTrue(h.closed() || sum == 1000, "fixed until the asset has left");
    }

    function invariant_EachWeiIsSomebodys() public view {
        Fraction f = h.f();
        uint256 owed;
        for (uint256 i = 0; i < h.count(); ++i) {
            FractionHandler.Person memory p = h.person(i);
            eq(f.owed(p.who), p.owed, "owed");
            owed += p.owed;
        }
        // An offer is in escrow for all fractions; once it has won, for those that were not redeemed.
        uint256 inEscrow = h.price() * (h.closed() ? f.totalSupply() : 1000);
        eq(h.here(), owed + inEscrow + h.unbooked(), "here = owed + escrow + not collected");
        eq(h.paidIn(), h.paidOut() + h.here(), "paid in = paid out + here");
        eq(h.stolen(), 0, "calls back that worked");
    }

    function invariant_TheAssetIsHereUntilItIsBought() public view {
        Fraction f = h.f();
        Buyout memory b = f.buyout();
        address owner = h.owner();
        eq(owner, h.closed() ? h.bidder() : address(f), "owner");
        eq(b.bidder, h.bidder(), "bidder");
        eq(b.pricePerFraction, h.price(), "price");
        eq(b.endsAt, h.endsAt(), "end");
        eq(b.number, h.number(), "number");
        isTrue(b.closed == h.closed() && b.delayed == h.delayed(), "closed, delayed");
    }

    function invariant_EachFractionIsCountedOnce() public view {
        Fraction f = h.f();
        eq(f.steward(), h.chief(), "steward");
        if (h.closed()) return;
        eq(f.objected(), h.objections(), "objections");
        eq(f.chosen(h.candidate(0)), h.votes(h.candidate(0)), "votes");
        eq(f.chosen(h.candidate(1)), h.votes(h.candidate(1)), "votes");
    }

    /// One long walk that must have met every step and every refusal: else the invariants would hold of nothing.
    function test_TheWalkReachesEveryStep() public {
        uint256 seed = 1;
        bytes4[] memory steps = this.targetSelectors()[0].selectors;
        for (uint256 i = 0; i < 4000; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            bytes memory data = abi.encodeWithSelector(steps[seed % steps.length], seed >> 8);
            (bool ok, bytes memory why) = address(h).call(data);
            if (!ok) {
                assembly {
                    revert(add(why, 32), mload(why))
                }
            }
        }
        string[18] memory met = [
            "transfer", "deposit", "collect", "withdraw", "withdrawTo", "offer", "object", "choose", "unlock", "close",
            "redeem", "reunite", "arrive", "fail", "delay", "elect", "again", "wait"
        ];
        for (uint256 i = 0; i < met.length; ++i) {
            isTrue(h.done(met[i]) != 0, met[i]);
            string memory refused = string.concat(met[i], " refused");
            isTrue(i > 11 || h.done(refused) != 0, refused);
        }
        invariant_TheSupplyIsTheBalances();
        invariant_EachWeiIsSomebodys();
        invariant_TheAssetIsHereUntilItIsBought();
        invariant_EachFractionIsCountedOnce();
    }
}
