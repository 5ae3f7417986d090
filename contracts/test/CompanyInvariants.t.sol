// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Motion, Standing} from "../src/ICompany.sol";
import {Base} from "./Base.sol";
import {CompanyHandler} from "./CompanyHandler.sol";
import {Company} from "./Faces.sol";

/// @notice Over any sequence of entries, contributions, moves, transfers, dividends, motions and ways out: one person has
/// one entry, only members hold shares, no more than the cap, each share has one vote, and each wei is somebody's.
contract CompanyInvariantsTest is Base {
    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    CompanyHandler private h;

    function setUp() public {
        h = new CompanyHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(h);
    }

    function targetSelectors() public view returns (Selectors[] memory targets) {
        bytes4[24] memory steps = [
            CompanyHandler.join.selector,
            CompanyHandler.join.selector,
            CompanyHandler.contribute.selector,
            CompanyHandler.contribute.selector,
            CompanyHandler.contribute.selector,
            CompanyHandler.move.selector,
            CompanyHandler.quit.selector,
            CompanyHandler.transfer.selector,
            CompanyHandler.transfer.selector,
            CompanyHandler.delegate.selector,
            CompanyHandler.deposit.selector,
            CompanyHandler.deposit.selector,
            CompanyHandler.arrive.selector,
            CompanyHandler.collect.selector,
            CompanyHandler.endow.selector,
            CompanyHandler.withdraw.selector,
            CompanyHandler.withdrawTo.selector,
            CompanyHandler.propose.selector,
            CompanyHandler.support.selector,
            CompanyHandler.rally.selector,
            CompanyHandler.execute.selector,
            CompanyHandler.execute.selector,
            CompanyHandler.again.selector,
            CompanyHandler.wait_.selector
        ];
        targets = new Selectors[](1);
        targets[0] = Selectors(address(h), new bytes4[](steps.length));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
    }

    function invariant_OnePersonHasOneEntry() public view {
        Company c = h.c();
        for (uint256 i = 0; i < h.count(); ++i) {
            CompanyHandler.Person memory p = h.person(i);
            (Standing standing, uint256 number) = c.entryOf(p.who);
            isTrue(standing == p.standing, "standing");
            eq(number, p.number, "contributions");
            isTrue(standing == Standing.None || c.entered(p.nullifier), "entered");
            for (uint256 j = 0; j < i && standing != Standing.None; ++j) {
                CompanyHandler.Person memory q = h.person(j);
                isTrue(q.standing == Standing.None || (q.nullifier != p.nullifier && q.who != p.who), "another person");
            }
        }
    }

    function invariant_OnlyMembersHoldSharesUpToTheCap() public view {
        Company c = h.c();
        uint256 sum;
        for (uint256 i = 0; i < h.count(); ++i) {
            CompanyHandler.Person memory p = h.person(i);
            eq(c.balanceOf(p.who), p.shares, "shares");
            isTrue(p.shares == 0 || p.standing == Standing.Member, "only members");
            sum += p.shares;
        }
        eq(c.totalSupply(), sum, "supply = shares of members");
        eq(c.rules().cap, h.cap(), "cap");
        isTrue(sum <= h.cap(), "supply <= cap");
        isTrue(h.raised() != 0 || h.cap() < 1000 + h.companiesMade(), "the cap rises by a motion alone");
    }

    function invariant_EachShareHasOneVote() public view {
        Company c = h.c();
        uint256 sum;
        for (uint256 i = 0; i < h.count(); ++i) {
            CompanyHandler.Person memory p = h.person(i);
            eq(c.delegates(p.who), p.delegatee, "delegate");
            eq(c.getVotes(p.delegatee), h.votes(p.delegatee), "votes");
            bool seen = false;
            for (uint256 j = 0; j < i; ++j) {
                if (h.person(j).delegatee == p.delegatee) seen = true;
            }
            if (!seen) sum += c.getVotes(p.delegatee);
        }
        eq(sum, c.totalSupply(), "votes = supply");
    }

    function invariant_EachWeiIsSomebodys() public view {
        Company c = h.c();
        uint256 owed;
        for (uint256 i = 0; i < h.count(); ++i) {
            CompanyHandler.Person memory p = h.person(i);
            eq(c.owed(p.who), p.owed, "owed");
            owed += p.owed;
        }
        eq(c.reserve(), h.reserve(), "reserve");
        eq(h.here(), owed + h.reserve() + h.unbooked(), "here = owed + reserve + not divided");
        eq(h.paidIn(), h.paidOut() + h.here(), "paid in = paid out + here");
        eq(h.dividendsOwed() + h.unbooked(), h.dividends(), "dividends = what came for them");
        eq(h.stolen(), 0, "calls back that worked");
    }

    function invariant_MotionsCountVotesOnce() public view {
        Company c = h.c();
        eq(c.rules().motions, h.motionsAsked(), "motions");
        isTrue(c.rules().woundUp == h.woundUp(), "wound up");
        eq(c.rules().registrar, vm.addr(h.registrarKey()), "registrar");
        uint256 from = h.motionsAsked() < 3 ? 0 : h.motionsAsked() - 3;
        for (uint256 i = from; i < h.motionsAsked(); ++i) {
            CompanyHandler.Asked memory a = h.motionAsked(i);
            Motion memory m = c.motion(i + 1);
            eq(m.inFavour, a.inFavour, "in favour");
            isTrue(a.inFavour <= a.supply, "no more than all");
            isTrue(m.executed == a.executed, "executed");
        }
    }

    /// One long walk that must have met every step and every refusal: else the invariants would hold of nothing.
    function test_TheWalkReachesEveryStep() public {
        uint256 seed = 1;
        bytes4[] memory steps = this.targetSelectors()[0].selectors;
        for (uint256 i = 0; i < 6000; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            bytes memory data = abi.encodeWithSelector(steps[seed % steps.length], seed >> 8);
            (bool ok, bytes memory why) = address(h).call(data);
            if (!ok) {
                assembly {
                    revert(add(why, 32), mload(why))
                }
            }
        }
        string[20] memory met = [
            "join", "contribute", "move", "quit", "transfer", "deposit", "collect", "endow", "withdraw", "withdrawTo",
            "propose", "support", "execute", "rally", "delegate", "arrive", "cap", "registrar", "windUp", "again"
        ];
        for (uint256 i = 0; i < met.length; ++i) {
            isTrue(h.done(met[i]) != 0, met[i]);
            string memory refused = string.concat(met[i], " refused");
            isTrue(i > 12 || h.done(refused) != 0, refused);
        }
        isTrue(h.raised() != 0, "raised");
        invariant_OnePersonHasOneEntry();
        invariant_OnlyMembersHoldSharesUpToTheCap();
        invariant_EachShareHasOneVote();
        invariant_EachWeiIsSomebodys();
        invariant_MotionsCountVotesOnce();
    }
}
