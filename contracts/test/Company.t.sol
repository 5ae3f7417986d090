// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Contribution, Entry, ICompany, Kind, Moving, Quitting, Rules, Standing} from "../src/ICompany.sol";
import {IPause} from "../src/IPause.sol";
import {CompanyFixture} from "./CompanyFixture.sol";
import {Wallet} from "./hostile/Wallet.sol";

/// @notice The register of a company: who enters, who has how many shares, and how an entry moves and ends.
contract CompanyTest is CompanyFixture {
    uint256 private constant NEW_KEY = 0x4E3;
    uint256 private constant SLOT = 9; // of the first mapping

    address private immutable fresh = vm.addr(NEW_KEY);

    function signedEntry(Entry memory e, uint256 a, uint256 b) private view returns (bytes memory, bytes memory) {
        bytes32 signed = entryDigest(c, e);
        return (signature(a, signed), signature(b, signed));
    }

    function signedContribution(Contribution memory d, uint256 a, uint256 b)
        private
        view
        returns (bytes memory, bytes memory)
    {
        bytes32 signed = contributionDigest(c, d);
        return (signature(a, signed), signature(b, signed));
    }

    // A person enters once.

    function test_APersonEnters() public {
        Entry memory e = entryFor(fresh, keccak256("n"));
        (bytes memory a, bytes memory b) = signedEntry(e, REGISTRAR_KEY, NEW_KEY);
        vm.expectEmit(true, true, true, true, address(c));
        emit ICompany.Joined(fresh, e.nullifier, e.evidence);
        vm.prank(relayer);
        c.join(e, a, b);
        isTrue(c.entered(e.nullifier) && !c.entered(keccak256("another")), "entered");
        eq(standing(fresh), uint256(Standing.Member), "member");
        eq(c.balanceOf(fresh), 0, "no shares yet");
    }

    function testFuzz_APersonEntersOnceWhateverTheAddress(uint128 secret, uint128 first, uint128 second) public {
        (uint256 x, uint256 y) = (uint256(first) + 0x10000, uint256(second) + 0x10000);
        bytes32 nullifier = keccak256(abi.encode(secret));
        Entry memory e = entryFor(vm.addr(x), nullifier);
        (bytes memory a, bytes memory b) = signedEntry(e, REGISTRAR_KEY, x);
        c.join(e, a, b);
        e.member = vm.addr(y);
        (a, b) = signedEntry(e, REGISTRAR_KEY, y);
        vm.expectRevert(abi.encodeWithSelector(ICompany.NullifierUsed.selector, nullifier));
        c.join(e, a, b);
        if (x == y) return;
        eq(standing(vm.addr(y)), uint256(Standing.None), "not in");
    }

    function test_AnAddressEntersOnce() public {
        Entry memory e = entryFor(ann, keccak256("another person"));
        (bytes memory a, bytes memory b) = signedEntry(e, REGISTRAR_KEY, ANN_KEY);
        wants(ICompany.NotFresh.selector, ann);
        c.join(e, a, b);
        moves(c, ANN_KEY, NEW_KEY);
        wants(ICompany.NotFresh.selector, ann);
        c.join(e, a, b);
        quits(c, NEW_KEY);
        e.member = fresh;
        (a, b) = signedEntry(e, REGISTRAR_KEY, NEW_KEY);
        wants(ICompany.NotFresh.selector, fresh);
        c.join(e, a, b);
    }

    function test_ZeroAndTheCompanyAreNoMembers() public {
        Entry memory e = entryFor(address(0), keccak256("n"));
        (bytes memory a,) = signedEntry(e, REGISTRAR_KEY, NEW_KEY);
        wants(ICompany.NotFresh.selector, address(0));
        c.join(e, a, "");
        e.member = address(c);
        (a,) = signedEntry(e, REGISTRAR_KEY, NEW_KEY);
        wants(ICompany.NotFresh.selector, address(c));
        c.join(e, a, "");
    }

    function test_BothSignAnEntry() public {
        Entry memory e = entryFor(fresh, keccak256("n"));
        (bytes memory a, bytes memory b) = signedEntry(e, REGISTRAR_KEY, NEW_KEY);
        wants(ICompany.BadSignature.selector, registrar);
        c.join(e, b, b);
        wants(ICompany.BadSignature.selector, fresh);
        c.join(e, a, a);
        e.evidence = keccak256("changed");
        wants(ICompany.BadSignature.selector, registrar);
        c.join(e, a, b);
    }

    function test_WhoSignsAndCallsNeedsNoSignature() public {
        Entry memory e = entryFor(fresh, keccak256("n"));
        (bytes memory a, bytes memory b) = signedEntry(e, REGISTRAR_KEY, NEW_KEY);
        wants(ICompany.BadSignature.selector, fresh);
        vm.prank(registrar);
        c.join(e, "", "");
        vm.prank(fresh);
        c.join(e, a, "");
        Contribution memory d = contributionOf(c, fresh, 5);
        (, b) = signedContribution(d, REGISTRAR_KEY, NEW_KEY);
        vm.prank(registrar);
        c.contribute(d, "", b);
        eq(c.balanceOf(fresh), 5, "shares");
    }

    function test_ContractsSignToo() public {
        Wallet wallet = new Wallet();
        Entry memory e = entryFor(address(wallet), keccak256("n"));
        (bytes memory a,) = signedEntry(e, REGISTRAR_KEY, NEW_KEY);
        wants(ICompany.BadSignature.selector, address(wallet));
        c.join(e, a, "");
        wallet.be(Wallet.Mood.Honest);
        c.join(e, a, "");
        eq(standing(address(wallet)), uint256(Standing.Member), "member");
        Quitting memory q = Quitting(address(wallet), 0, later());
        c.quit(q, "");
        eq(standing(address(wallet)), uint256(Standing.Left), "left");
    }

    function testFuzz_AnEntryEnds(uint64 endsAt, uint64 nowAt) public {
        nowAt = uint64(block.timestamp + nowAt % 1000 days);
        endsAt = uint64(block.timestamp + endsAt % 1000 days);
        Entry memory e = entryFor(fresh, keccak256("n"));
        e.endsAt = endsAt;
        (bytes memory a, bytes memory b) = signedEntry(e, REGISTRAR_KEY, NEW_KEY);
        vm.warp(nowAt);
        if (nowAt > endsAt) wants(ICompany.Ended.selector, endsAt);
        c.join(e, a, b);
    }

    function test_TheLastMomentCounts() public {
        Entry memory e = entryFor(fresh, keccak256("n"));
        (bytes memory a, bytes memory b) = signedEntry(e, REGISTRAR_KEY, NEW_KEY);
        vm.warp(e.endsAt + 1);
        wants(ICompany.Ended.selector, e.endsAt);
        c.join(e, a, b);
        vm.warp(e.endsAt);
        c.join(e, a, b);
    }

    function test_APauseStopsWhatIsNewAndNothingElse() public {
        Entry memory e = entryFor(fresh, keccak256("n"));
        (bytes memory a, bytes memory b) = signedEntry(e, REGISTRAR_KEY, NEW_KEY);
        Contribution memory d = contributionOf(c, ann, 5);
        (bytes memory x, bytes memory y) = signedContribution(d, REGISTRAR_KEY, ANN_KEY);
        uint64 until = uint64(block.timestamp + 7 days);
        pauser.pause(until);
        wants(IPause.Paused.selector, until);
        c.join(e, a, b);
        wants(IPause.Paused.selector, until);
        c.contribute(d, x, y);
        c.endow{value: 700}(700);
        c.deposit{value: 700}(700);
        gives(c, ann, ben, 1);
        moves(c, ANN_KEY, NEW_KEY);
        quits(c, NEW_KEY);
        c.withdraw(fresh);
        uint256 number = proposes(c, ben, Kind.Cap, 900);
        vm.warp(block.timestamp + 1);
        backs(c, ben, number);
    }

    // Data becomes shares.

    function testFuzz_DataBecomesSharesUpToTheCap(uint32 shares) public {
        Contribution memory d = contributionOf(c, ann, shares);
        (bytes memory a, bytes memory b) = signedContribution(d, REGISTRAR_KEY, ANN_KEY);
        bool fits = shares != 0 && shares <= 300;
        if (shares == 0) {
            wants(ICompany.Nothing.selector);
        } else if (!fits) {
            vm.expectRevert(abi.encodeWithSelector(ICompany.OverCap.selector, shares, 300));
        } else {
            vm.expectEmit(true, true, true, true, address(c));
            emit ICompany.Contributed(ann, 1, shares, d.commitment);
            vm.expectEmit(true, true, true, true, address(c));
            emit IERC20.Transfer(address(0), ann, shares);
        }
        vm.prank(relayer);
        c.contribute(d, a, b);
        eq(c.balanceOf(ann), fits ? 400 + uint256(shares) : 400, "shares");
        eq(c.totalSupply(), fits ? 700 + uint256(shares) : 700, "supply");
        eq(c.getVotes(ann), c.balanceOf(ann), "votes");
        (, uint256 number) = c.entryOf(ann);
        eq(number, fits ? 2 : 1, "contributions");
    }

    function test_AContributionIsUsedOnceAndInOrder() public {
        Contribution memory d = contributionOf(c, ann, 5);
        (bytes memory a, bytes memory b) = signedContribution(d, REGISTRAR_KEY, ANN_KEY);
        c.contribute(d, a, b);
        vm.expectRevert(abi.encodeWithSelector(ICompany.WrongNumber.selector, 1, 2));
        c.contribute(d, a, b);
        d.number = 3;
        (a, b) = signedContribution(d, REGISTRAR_KEY, ANN_KEY);
        vm.expectRevert(abi.encodeWithSelector(ICompany.WrongNumber.selector, 3, 2));
        c.contribute(d, a, b);
    }

    function test_BothSignAContribution() public {
        Contribution memory d = contributionOf(c, ann, 5);
        (bytes memory a, bytes memory b) = signedContribution(d, REGISTRAR_KEY, ANN_KEY);
        wants(ICompany.BadSignature.selector, registrar);
        c.contribute(d, b, b);
        wants(ICompany.BadSignature.selector, ann);
        c.contribute(d, a, a);
        d.shares = 6;
        wants(ICompany.BadSignature.selector, registrar);
        c.contribute(d, a, b);
    }

    function test_OnlyMembersContributeInTime() public {
        Contribution memory d = contributionOf(c, fresh, 5);
        (bytes memory a, bytes memory b) = signedContribution(d, REGISTRAR_KEY, NEW_KEY);
        wants(ICompany.NotMember.selector, fresh);
        c.contribute(d, a, b);
        d = contributionOf(c, ann, 5);
        (a, b) = signedContribution(d, REGISTRAR_KEY, ANN_KEY);
        vm.warp(d.endsAt + 1);
        wants(ICompany.Ended.selector, d.endsAt);
        c.contribute(d, a, b);
        vm.warp(d.endsAt);
        c.contribute(d, a, b);
    }

    function test_NobodyContributesToMoreSharesThanAgreed() public {
        Contribution memory d = contributionOf(c, ann, 5);
        d.cap = CAP - 1;
        (bytes memory a, bytes memory b) = signedContribution(d, REGISTRAR_KEY, ANN_KEY);
        vm.expectRevert(abi.encodeWithSelector(ICompany.CapRaised.selector, CAP, CAP - 1));
        c.contribute(d, a, b);
        d.cap = CAP;
        (a, b) = signedContribution(d, REGISTRAR_KEY, ANN_KEY);
        c.contribute(d, a, b);
    }

    // Shares are an ERC-20 token among members.

    function testFuzz_ATransferMovesSharesAndVotes(uint256 shares, bool toSelf) public {
        address to = toSelf ? ann : ben;
        bool fits = shares <= 400;
        if (!fits) {
            vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, ann, 400, shares));
        } else {
            vm.expectEmit(true, true, true, true, address(c));
            emit IERC20.Transfer(ann, to, shares);
        }
        vm.prank(ann);
        c.transfer(to, shares);
        uint256 moved = fits && !toSelf ? shares : 0;
        eq(c.balanceOf(ann), 400 - moved, "from");
        eq(c.balanceOf(ben), 250 + moved, "to");
        eq(c.getVotes(ann), 400 - moved, "votes from");
        eq(c.getVotes(ben), 250 + moved, "votes to");
        eq(c.totalSupply(), 700, "supply");
    }

    function testFuzz_SharesGoToMembersOnly(address to) public {
        vm.assume(to != ann && to != ben && to != cat);
        wants(ICompany.NotMember.selector, to);
        vm.prank(ann);
        c.transfer(to, 1);
        wants(ICompany.NotMember.selector, to);
        vm.prank(ann);
        c.transfer(to, 0);
        vm.prank(ann);
        c.approve(relayer, 1);
        wants(ICompany.NotMember.selector, to);
        vm.prank(relayer);
        c.transferFrom(ann, to, 1);
    }

    function testFuzz_AnAllowanceIsUsedUp(uint256 allowed, uint32 shares) public {
        shares %= 401;
        vm.expectEmit(true, true, true, true, address(c));
        emit IERC20.Approval(ann, relayer, allowed);
        vm.prank(ann);
        isTrue(c.approve(relayer, allowed), "approved");
        bool enough = shares <= allowed;
        if (!enough) {
            vm.expectRevert(
                abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, relayer, allowed, shares)
            );
        }
        vm.prank(relayer);
        bool ok = c.transferFrom(ann, ben, shares);
        isTrue(ok == enough, "answers");
        eq(c.balanceOf(ben), 250 + (enough ? shares : 0), "moved");
        bool used = enough && allowed != type(uint256).max;
        eq(c.allowance(ann, relayer), used ? allowed - shares : allowed, "left");
    }

    function test_ZeroIsNoSpender() public {
        wants(IERC20Errors.ERC20InvalidSpender.selector, address(0));
        vm.prank(ann);
        c.approve(address(0), 1);
    }

    function permitDigest(uint256 value, uint256 nonce, uint256 deadline) private view returns (bytes32) {
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        return digest(address(c), keccak256(abi.encode(typeHash, ann, relayer, value, nonce, deadline)));
    }

    function testFuzz_APermitAllowsOnce(uint256 value, uint256 deadline) public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ANN_KEY, permitDigest(value, 0, deadline));
        bool late = deadline < block.timestamp;
        if (late) wants(ICompany.Ended.selector, deadline);
        c.permit(ann, relayer, value, deadline, v, r, s);
        eq(c.allowance(ann, relayer), late ? 0 : value, "allowed");
        eq(c.nonces(ann), late ? 0 : 1, "nonce");
        if (late) return;
        wants(ICompany.BadSignature.selector, ann);
        c.permit(ann, relayer, value, deadline, v, r, s);
    }

    function test_TheTokenSaysWhatItIs() public view {
        bytes memory text = bytes(c.name());
        eq(text.length, 22, "length");
        bytes memory digits = new bytes(8);
        for (uint256 i = 0; i < 8; ++i) {
            digits[i] = text[14 + i];
        }
        bytes memory of_ = bytes(vm.toString(address(c)));
        for (uint256 i = 0; i < 8; ++i) {
            uint8 want = uint8(of_[2 + i]); // with a checksum's capitals
            if (want >= 65 && want <= 70) want += 32;
            eq(uint8(digits[i]), want, "digit");
        }
        eq(keccak256(bytes(c.symbol())), keccak256("SINSO-C"), "symbol");
        eq(c.decimals(), 0, "decimals");
        eq(keccak256(bytes(c.CLOCK_MODE())), keccak256("mode=timestamp"), "clock mode");
        eq(c.clock(), block.timestamp, "clock");
        eq(c.currency(), address(0), "currency");
        bytes32 typeHash =
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        eq(
            c.DOMAIN_SEPARATOR(),
            keccak256(abi.encode(typeHash, keccak256("SINSO"), keccak256("1"), block.chainid, address(c))),
            "domain"
        );
        Rules memory r = c.rules();
        eq(r.registrar, registrar, "registrar");
        eq(r.cap, CAP, "cap");
        isTrue(r.motions == 0 && !r.woundUp, "rules");
    }

    // An entry moves to a new key.

    function testFuzz_AnEntryMovesWhole(uint32 given, bool delegated) public {
        given %= 401;
        gives(c, ann, ben, given);
        if (delegated) {
            vm.prank(ann);
            c.delegate(cat);
        }
        c.deposit{value: 7000}(7000);
        uint256 owed = c.owed(ann);
        Moving memory m = Moving(ann, fresh, later());
        bytes32 signed = movingDigest(c, m);
        (bytes memory a, bytes memory b) = (signature(ANN_KEY, signed), signature(NEW_KEY, signed));
        vm.expectEmit(true, true, true, true, address(c));
        emit ICompany.EntryMoved(ann, fresh);
        vm.expectEmit(true, true, true, true, address(c));
        emit IERC20.Transfer(ann, fresh, 400 - given);
        vm.prank(relayer);
        c.move(m, a, b);
        eq(c.balanceOf(ann), 0, "old shares");
        eq(c.balanceOf(fresh), 400 - given, "new shares");
        eq(c.owed(ann), 0, "old dividend");
        eq(c.owed(fresh), owed, "new dividend");
        eq(c.getVotes(ann), 0, "old votes");
        eq(c.getVotes(fresh), delegated ? 0 : 400 - given, "new votes");
        eq(c.getVotes(cat), delegated ? 450 - given : 50, "a delegate's votes");
        eq(c.delegates(fresh), delegated ? cat : fresh, "delegate");
        eq(standing(ann), uint256(Standing.Moved), "moved");
        eq(standing(fresh), uint256(Standing.Member), "member");
        (, uint256 number) = c.entryOf(fresh);
        eq(number, 1, "contributions");
        isTrue(c.entered(nullifierOf(c, ANN_KEY)), "the person is in");
        c.deposit{value: 700}(700);
        eq(c.owed(fresh), owed + 400 - given, "and earns on");
        wants(ICompany.NotMember.selector, ann);
        c.move(m, a, b);
    }

    function test_BothKeysSignAMove() public {
        Moving memory m = Moving(ann, fresh, later());
        bytes32 signed = movingDigest(c, m);
        (bytes memory a, bytes memory b) = (signature(ANN_KEY, signed), signature(NEW_KEY, signed));
        wants(ICompany.BadSignature.selector, ann);
        c.move(m, b, b);
        wants(ICompany.BadSignature.selector, fresh);
        c.move(m, a, a);
        m.to = ben;
        wants(ICompany.NotFresh.selector, ben);
        c.move(m, a, b);
        m.to = address(0);
        wants(ICompany.NotFresh.selector, address(0));
        c.move(m, a, b);
        m.to = fresh;
        vm.warp(m.endsAt + 1);
        wants(ICompany.Ended.selector, m.endsAt);
        c.move(m, a, b);
        vm.warp(m.endsAt);
        vm.prank(ann);
        c.move(m, "", b);
    }

    // A member leaves.

    function testFuzz_WhoLeavesTakesItsPartOfTheReserve(uint96 amount, uint96 least) public {
        amount = uint96(amount % 100 ether) + 1;
        uint96 part = uint96(uint256(amount) * 400 / 1000);
        least = uint96(least % (uint256(part) * 2 + 2));
        c.endow{value: amount}(amount);
        c.deposit{value: 1400}(1400);
        Quitting memory q = Quitting(ann, least, later());
        bytes memory signed = signature(ANN_KEY, quittingDigest(c, q));
        if (part < least) {
            vm.expectRevert(abi.encodeWithSelector(ICompany.TooLittle.selector, part, least));
            vm.prank(relayer);
            c.quit(q, signed);
            return;
        }
        vm.expectEmit(true, true, true, true, address(c));
        emit ICompany.Left(ann, 400, part);
        vm.expectEmit(true, true, true, true, address(c));
        emit IERC20.Transfer(ann, address(0), 400);
        vm.prank(relayer);
        c.quit(q, signed);
        eq(c.owed(ann), 800 + part, "dividend and part");
        eq(c.reserve(), amount - part, "reserve");
        eq(c.rules().cap, 600, "cap");
        eq(c.totalSupply(), 300, "supply");
        eq(c.getVotes(ann), 0, "votes");
        eq(c.balanceOf(ann), 0, "shares");
        eq(standing(ann), uint256(Standing.Left), "left");
        isTrue(c.reserve() * 1000 >= uint256(amount) * 600, "the others' part did not fall");
        c.deposit{value: 300}(300);
        eq(c.owed(ann), 800 + part, "no more dividends");
        c.withdraw(ann);
        eq(ann.balance, 800 + part, "paid");
        eq(c.owed(ben), 750, "the others have theirs");
    }

    function test_LeavingIsSignedInTimeAndFinal() public {
        Quitting memory q = Quitting(ann, 0, later());
        bytes memory signed = signature(ANN_KEY, quittingDigest(c, q));
        bytes memory forged = signature(REGISTRAR_KEY, quittingDigest(c, q));
        wants(ICompany.BadSignature.selector, ann);
        vm.prank(registrar);
        c.quit(q, forged);
        vm.warp(q.endsAt + 1);
        wants(ICompany.Ended.selector, q.endsAt);
        c.quit(q, signed);
        vm.warp(q.endsAt);
        c.quit(q, signed);
        wants(ICompany.NotMember.selector, ann);
        c.quit(q, signed);
        wants(ICompany.NotMember.selector, ann);
        vm.prank(ben);
        c.transfer(ann, 1);
        Entry memory e = entryFor(fresh, nullifierOf(c, ANN_KEY));
        (bytes memory a, bytes memory b) = signedEntry(e, REGISTRAR_KEY, NEW_KEY);
        vm.expectRevert(abi.encodeWithSelector(ICompany.NullifierUsed.selector, e.nullifier));
        c.join(e, a, b);
    }

    function test_WhoHasNoSharesLeavesToo() public {
        gives(c, cat, ann, 50);
        c.endow{value: 1000}(1000);
        quits(c, CAT_KEY);
        eq(c.owed(cat), 0, "nothing");
        eq(c.rules().cap, CAP, "cap");
        // The last of a full register, whose cap becomes zero, and one without shares after.
        contributes(c, ANN_KEY, 300);
        joins(c, NEW_KEY);
        quits(c, BEN_KEY);
        quits(c, ANN_KEY);
        eq(c.rules().cap, 0, "cap");
        eq(c.reserve(), 0, "reserve");
        quits(c, NEW_KEY);
        wants(ICompany.Nothing.selector);
        c.endow{value: 1}(1);
    }

    /// What the registrar issues to its own, and takes out, is no part of the others.
    function test_AHostileRegistrarTakesNoPartOfTheReserve() public {
        c.endow{value: 1000}(1000);
        joins(c, NEW_KEY);
        contributes(c, NEW_KEY, 300);
        quits(c, NEW_KEY);
        eq(c.owed(fresh), 300, "the part that nobody had");
        quits(c, ANN_KEY);
        quits(c, BEN_KEY);
        quits(c, CAT_KEY);
        eq(c.owed(ann), 400, "ann");
        eq(c.owed(ben), 250, "ben");
        eq(c.owed(cat), 50, "cat");
    }

    function test_TheRegistrarCannotMoveOrEndAnEntry() public {
        Moving memory m = Moving(ann, fresh, later());
        bytes32 signed = movingDigest(c, m);
        bytes memory a = signature(REGISTRAR_KEY, signed);
        bytes memory b = signature(NEW_KEY, signed);
        wants(ICompany.BadSignature.selector, ann);
        vm.prank(registrar);
        c.move(m, a, b);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, registrar, 0, 1)
        );
        vm.prank(registrar);
        c.transferFrom(ann, ben, 1);
    }

    /// Storage begins after that of the votes: nonces, delegates, two of OpenZeppelin that are not used, the lines, that of the supply.
    function test_TheStorageIsAsItWas() public {
        c.endow{value: 5}(5);
        bytes32 account = vm.load(address(c), keccak256(abi.encode(ann, SLOT)));
        eq(uint256(account) & type(uint32).max, 400, "shares");
        eq(uint256(account) >> 32 & type(uint24).max, 1, "contributions");
        eq(uint256(account) >> 248, uint256(Standing.Member), "standing");
        eq(vm.load(address(c), keccak256(abi.encode(nullifierOf(c, ANN_KEY), SLOT + 1))), bytes32(uint256(1)), "entered");
        eq(uint256(vm.load(address(c), bytes32(SLOT + 2))), uint256(CAP) << 160 | uint160(registrar), "rules");
        eq(uint256(vm.load(address(c), bytes32(SLOT + 3))), 5 << 96, "books");
        eq(uint256(vm.load(address(c), bytes32(SLOT + 4))), 5, "reserve");
    }

    function test_AnyoneCarriesAnAllowance() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ANN_KEY, permitDigest(7, 0, block.timestamp));
        vm.prank(relayer);
        c.permit(ann, relayer, 7, block.timestamp, v, r, s);
        vm.prank(relayer);
        isTrue(c.transferFrom(ann, ben, 7), "moved");
        eq(c.balanceOf(ben), 257, "there");
        eq(c.allowance(ann, relayer), 0, "used up");
        wants(ICompany.BadSignature.selector, ann);
        c.permit(ann, relayer, 7, block.timestamp, v, r, s);
    }
}
