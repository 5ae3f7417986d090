// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPause} from "../src/IPause.sol";
import {IStaking, Pledge, PoolView, Stake, StakeState, StakingTerms} from "../src/IStaking.sol";
import {Money} from "../src/Money.sol";
import {Staking} from "./Faces.sol";
import {Stakes} from "./Stakes.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";
import {Tokens} from "./hostile/Tokens.sol";
import {Wallet} from "./hostile/Wallet.sol";

contract StakingTest is Stakes {
    bytes32 private pool;
    Stake private a; // the patient's, weight 1
    Stake private b; // the doctor's, weight 3

    function setUp() public override {
        super.setUp();
        pool = openUsual();
        a = stakeFor(pool, patient, tokenFor(patient, PATIENT_KEY, 1), 1);
        b = stakeFor(pool, doctor, tokenFor(doctor, DOCTOR_KEY, 2), 3);
        vm.deal(address(this), 1e30);
    }

    function stateOf(Stake memory s) private view returns (uint256) {
        (StakeState state,,) = staking.stakeOf(s);
        return uint256(state);
    }

    function wantsState(Stake memory s, StakeState state) private {
        vm.expectRevert(abi.encodeWithSelector(IStaking.WrongState.selector, hashOf(s), state));
    }

    function wantsPaused() private {
        pauser.pause(uint64(block.timestamp + 1));
        wants(IPause.Paused.selector, block.timestamp + 1);
    }

    // Open.

    function test_APoolIsWhatItsCompanyNamed() public view {
        PoolView memory p = staking.poolOf(pool);
        eq(p.company, company, "company");
        eq(p.currency, MONEY, "currency");
        eq(p.tokens, address(assets), "tokens");
        eq(p.unbondingSeconds, UNBONDING, "unbonding");
        eq(p.streamSeconds, STREAM, "stream");
        eq(p.weightCap, CAP, "cap");
        eq(uint256(p.weight) + p.left + p.endsAt, 0, "empty");
        eq(pool, keccak256(abi.encode(company, usualTerms())), "the ID commits to company and terms");
    }

    function test_OpeningIsSaid() public {
        StakingTerms memory terms = usualTerms();
        terms.termsHash = keccak256("others");
        vm.expectEmit(true, true, true, true, address(staking));
        emit IStaking.Opened(keccak256(abi.encode(company, terms)), company, terms);
        openWith(terms);
    }

    function test_APoolOpensOnce() public {
        StakingTerms memory terms = usualTerms();
        wants(IStaking.AlreadyOpen.selector, uint256(pool));
        openWith(terms);
        isTrue(staking.open(terms) != pool, "another company has another pool");
    }

    function test_APauseStopsOpening() public {
        wantsPaused();
        openUsual();
    }

    function test_TheBoundsAreIn() public {
        StakingTerms memory terms = usualTerms();
        (terms.unbondingSeconds, terms.streamSeconds, terms.weightCap) = (1 hours, 1 days, 1);
        openWith(terms);
        (terms.unbondingSeconds, terms.streamSeconds) = (90 days, 180 days);
        openWith(terms);
        eq(staking.MIN_UNBONDING(), 1 hours, "MIN_UNBONDING");
        eq(staking.MAX_UNBONDING(), 90 days, "MAX_UNBONDING");
        eq(staking.MIN_STREAM(), 1 days, "MIN_STREAM");
        eq(staking.MAX_STREAM(), 180 days, "MAX_STREAM");
        eq(staking.MAX_PLEDGE(), 366 days, "MAX_PLEDGE");
    }

    function testFuzz_TermsOutOfBoundsAreRefused(uint32 unbonding, uint32 stream, uint64 cap, bool code) public {
        StakingTerms memory terms =
            StakingTerms(MONEY, code ? address(assets) : address(0xEE), unbonding % 100 days, stream % 200 days, cap, 0);
        (unbonding, stream) = (terms.unbondingSeconds, terms.streamSeconds);
        bool good = unbonding >= 1 hours && unbonding <= 90 days && stream >= 1 days && stream <= 180 days && cap != 0 && code;
        if (!good) wants(IStaking.BadTerms.selector);
        openWith(terms);
    }

    function test_EachTermHasItsBounds() public {
        StakingTerms memory terms = usualTerms();
        terms.unbondingSeconds = 1 hours - 1;
        refusesTerms(terms);
        terms.unbondingSeconds = 90 days + 1;
        refusesTerms(terms);
        terms = usualTerms();
        terms.streamSeconds = 1 days - 1;
        refusesTerms(terms);
        terms.streamSeconds = 180 days + 1;
        refusesTerms(terms);
        terms = usualTerms();
        terms.weightCap = 0;
        refusesTerms(terms);
        terms = usualTerms();
        terms.tokens = address(0xEE);
        refusesTerms(terms);
    }

    function refusesTerms(StakingTerms memory terms) private {
        wants(IStaking.BadTerms.selector);
        openWith(terms);
    }

    // Stake.

    function test_ARelayerStakesForAPersonWhoPaysNothing() public {
        vm.expectEmit(true, true, true, true, address(staking));
        emit IStaking.Staked(pool, hashOf(a), a);
        relay(a, PATIENT_KEY);
        eq(assets.ownerOf(a.tokenId), address(staking), "held");
        eq(stateOf(a), uint256(StakeState.Standing), "state");
        eq(staking.poolOf(pool).weight, 1, "weight");
        eq(staking.hashStake(a), hashOf(a), "name");
    }

    function test_WhoCallsNeedNotSign() public {
        bytes memory byCompany = signature(COMPANY_KEY, hashOf(a));
        vm.prank(patient);
        staking.stake(a, byCompany, "");
        bytes memory byDoctor = signature(DOCTOR_KEY, hashOf(b));
        vm.prank(company);
        staking.stake(b, "", byDoctor);
        eq(staking.poolOf(pool).weight, 4, "weight");
    }

    function test_BothSidesMustAgree() public {
        bytes memory good = signature(COMPANY_KEY, hashOf(a));
        bytes memory bad = signature(OTHER_KEY, hashOf(a));
        wants(IStaking.BadSignature.selector, company);
        vm.prank(patient);
        staking.stake(a, bad, "");
        wants(IStaking.BadSignature.selector, patient);
        vm.prank(relayer);
        staking.stake(a, good, bad);
        wants(IStaking.BadSignature.selector, patient);
        vm.prank(company);
        staking.stake(a, good, good);
    }

    function testFuzz_ASignatureForAnythingElseIsWorthNothing(uint8 field, uint64 by) public {
        bytes memory byCompany = signature(COMPANY_KEY, hashOf(a));
        bytes memory byStaker = signature(PATIENT_KEY, hashOf(a));
        Stake memory s = a;
        by = by % 1000 + 1;
        field %= 4;
        if (field == 0) s.weight += by;
        if (field == 1) s.endsAt += by;
        if (field == 2) s.salt = bytes32(uint256(s.salt) ^ by);
        if (field == 3) s.tokenId ^= by;
        wants(IStaking.BadSignature.selector, company);
        staking.stake(s, byCompany, byStaker);
    }

    function test_SignaturesBindContractAndChain() public {
        Staking twin = Staking(deploy("Staking", abi.encode(address(0))));
        vm.prank(company);
        twin.open(usualTerms());
        bytes memory byCompany = signature(COMPANY_KEY, hashOf(a));
        bytes memory byStaker = signature(PATIENT_KEY, hashOf(a));
        wants(IStaking.BadSignature.selector, company);
        twin.stake(a, byCompany, byStaker);
        vm.chainId(4242);
        wants(IStaking.BadSignature.selector, company);
        staking.stake(a, byCompany, byStaker);
    }

    function test_ContractsAgreeToo() public {
        Receiver wallet = new Receiver();
        Stake memory s = stakeFor(pool, address(wallet), tokenFor(address(wallet), OTHER_KEY, 3), 5);
        relay(s, OTHER_KEY);
        eq(assets.ownerOf(s.tokenId), address(staking), "held");
        Wallet liar = new Wallet();
        s = stakeFor(pool, address(liar), 1, 5);
        bytes memory byCompany = signature(COMPANY_KEY, hashOf(s));
        wants(IStaking.BadSignature.selector, address(liar));
        staking.stake(s, byCompany, "");
    }

    function test_AnAgreementIsGoodForOneStake() public {
        relay(a, PATIENT_KEY);
        wantsState(a, StakeState.Standing);
        relay(a, PATIENT_KEY);
        unbondAs(a);
        wantsState(a, StakeState.Unbonding);
        relay(a, PATIENT_KEY);
        vm.warp(START + UNBONDING);
        staking.unstake(a);
        wantsState(a, StakeState.Taken);
        relay(a, PATIENT_KEY);
        Stake memory again = a;
        again.salt = "again";
        relay(again, PATIENT_KEY);
        eq(staking.poolOf(pool).weight, 1, "weight");
    }

    function test_TheContractItselfStakesNothing() public {
        relay(a, PATIENT_KEY);
        Stake memory s = stakeFor(pool, address(staking), a.tokenId, 1);
        s.salt = "thief";
        wants(IStaking.BadSignature.selector, address(staking));
        relay(s, PATIENT_KEY);
    }

    function testFuzz_AnAgreementEnds(uint32 late) public {
        uint256 endsAt = a.endsAt;
        vm.warp(endsAt + late);
        if (late != 0) wants(IStaking.Ended.selector, endsAt);
        relay(a, PATIENT_KEY);
    }

    function testFuzz_TheCapHolds(uint64 first, uint64 second) public {
        (first, second) = (first % CAP + 1, second % CAP + 1);
        (a.weight, b.weight) = (first, second);
        relay(a, PATIENT_KEY);
        if (uint256(first) + second > CAP) wants(IStaking.CapReached.selector, CAP);
        relay(b, DOCTOR_KEY);
    }

    function test_TheCapIsReachedNotPassed() public {
        (a.weight, b.weight) = (CAP - 3, 3);
        relay(a, PATIENT_KEY);
        relay(b, DOCTOR_KEY);
        eq(staking.poolOf(pool).weight, CAP, "weight");
        Stake memory s = stakeFor(pool, other, tokenFor(other, OTHER_KEY, 3), type(uint64).max);
        wants(IStaking.CapReached.selector, CAP);
        relay(s, OTHER_KEY);
    }

    function test_AStakeHasWeightAndAPool() public {
        a.weight = 0;
        wants(IStaking.Nothing.selector);
        relay(a, PATIENT_KEY);
        b.pool = "none";
        wants(IStaking.NoSuchPool.selector, uint256(b.pool));
        relay(b, DOCTOR_KEY);
    }

    function test_OnlyItsOwnersTokenIsTaken() public {
        vm.prank(patient);
        assets.transferFrom(patient, other, a.tokenId);
        vm.expectRevert();
        relay(a, PATIENT_KEY);
    }

    function test_ATokenThatDoesNotComeIsNotStaked() public {
        StakingTerms memory terms = usualTerms();
        Tokens tokens = new Tokens(Tokens.Habit.MovesNothing);
        tokens.mint(patient, 9);
        terms.tokens = address(tokens);
        Stake memory s = stakeFor(openWith(terms), patient, 9, 1);
        wants(IStaking.NotTaken.selector, 9);
        relay(s, PATIENT_KEY);
    }

    function test_MoneyIsNoToken() public {
        StakingTerms memory terms = usualTerms();
        Coin coin = new Coin(Coin.Habit.Plain);
        coin.mint(patient, 9);
        vm.prank(patient);
        coin.approve(address(staking), 9);
        terms.tokens = address(coin); // ERC-20 and ERC-721 have the same transferFrom
        Stake memory s = stakeFor(openWith(terms), patient, 9, 1);
        vm.expectRevert();
        relay(s, PATIENT_KEY);
        eq(coin.balanceOf(patient), 9, "kept");
    }

    function test_ATokensContractThatCallsBackGainsNothing() public {
        StakingTerms memory terms = usualTerms();
        Tokens tokens = new Tokens(Tokens.Habit.CallsBack);
        tokens.mint(patient, 9);
        terms.tokens = address(tokens);
        Stake memory s = stakeFor(openWith(terms), patient, 9, 1);
        bytes memory byCompany = signature(COMPANY_KEY, hashOf(s));
        bytes memory byStaker = signature(PATIENT_KEY, hashOf(s));
        tokens.reenter(address(staking), abi.encodeCall(IStaking.stake, (s, byCompany, byStaker)));
        relay(s, PATIENT_KEY);
        eq(staking.poolOf(s.pool).weight, 1, "once");
        unbondAs(s);
        vm.warp(START + UNBONDING);
        tokens.reenter(address(staking), abi.encodeCall(IStaking.unstake, (s)));
        staking.unstake(s);
        eq(tokens.reentered(), 0, "calls back");
        eq(tokens.ownerOf(9), patient, "back");
    }

    function test_APauseStopsStaking() public {
        wantsPaused();
        relay(a, PATIENT_KEY);
        vm.warp(START + 1);
        relay(a, PATIENT_KEY);
    }

    // Dividends.

    function test_ADepositFlowsByWeightAndTime() public {
        relay(a, PATIENT_KEY);
        relay(b, DOCTOR_KEY);
        vm.expectEmit(true, true, true, true, address(staking));
        emit IStaking.Deposited(pool, company, 40 days, uint64(START + STREAM));
        depositCoin(pool, 40 days); // 4/3 wei a second, a third of it for each weight
        eq(owedTo(a), 0, "at once: nothing");
        vm.warp(START + 3 days);
        eq(owedTo(a), 1 days, "a");
        eq(owedTo(b), 3 days, "b");
        PoolView memory p = staking.poolOf(pool);
        eq(p.left, 36 days, "left");
        eq(p.endsAt, START + STREAM, "ends");
        vm.warp(START + STREAM);
        eq(owedTo(a), 10 days, "a in the end");
        eq(owedTo(b), 30 days, "b in the end");
        vm.warp(START + 2 * STREAM);
        eq(owedTo(a) + owedTo(b), 40 days, "and no more");
    }

    function test_WhoComesLaterEarnsFromThenOn() public {
        relay(a, PATIENT_KEY);
        depositCoin(pool, 30 days);
        vm.warp(START + 10 days);
        relay(b, DOCTOR_KEY);
        eq(owedTo(b), 0, "not for the time before");
        vm.warp(START + 30 days);
        eq(owedTo(a), 15 days, "10 alone, a quarter of 20");
        eq(owedTo(b), 15 days, "three quarters of 20");
    }

    function test_SnipingADepositEarnsTheTimeAlone() public {
        relay(a, PATIENT_KEY);
        Stake memory s = stakeFor(pool, doctor, b.tokenId, CAP - 1);
        relay(s, DOCTOR_KEY); // just before
        depositCoin(pool, 30 days);
        unbondAs(s); // just after
        eq(owedTo(s), 0, "same block");
        vm.warp(START + 30 days);
        eq(owedTo(a), 30 days, "all for who stood");
    }

    function test_AskingBackEndsTheEarning() public {
        relay(a, PATIENT_KEY);
        depositCoin(pool, 30 days);
        vm.warp(START + 10 days);
        unbondAs(a);
        vm.warp(START + 40 days);
        eq(owedTo(a), 10 days, "owed");
        eq(staking.poolOf(pool).left, 20 days, "waits");
        eq(staking.poolOf(pool).endsAt, START + 60 days, "for its time");
        staking.claim(a);
        eq(patient.balance, 10 days, "paid");
        wants(IStaking.NothingOwed.selector, uint256(hashOf(a)));
        staking.claim(a);
    }

    function test_WhileNobodyStandsTheFlowWaits() public {
        depositCoin(pool, 30 days);
        vm.warp(START + 100 days);
        relay(a, PATIENT_KEY);
        eq(owedTo(a), 0, "nothing for the time before");
        vm.warp(START + 110 days);
        eq(owedTo(a), 10 days, "from then on");
        vm.warp(START + 130 days);
        eq(owedTo(a), 30 days, "all");
    }

    function test_DepositsEndAtTheirMean() public {
        relay(a, PATIENT_KEY);
        depositCoin(pool, 3 ether);
        vm.warp(START + 10 days);
        depositCoin(pool, 2 ether); // 2 of 20 days, 2 of 30
        eq(staking.poolOf(pool).endsAt, START + 35 days, "ends");
        eq(staking.poolOf(pool).left, 4 ether, "left");
    }

    function testFuzz_ASmallDepositCannotMoveALarge(uint32 passed, uint128 small) public {
        relay(a, PATIENT_KEY);
        depositCoin(pool, 1e25);
        passed = passed % (STREAM - 1 hours);
        vm.warp(START + passed);
        small = small % 1e16 + 1;
        depositCoin(pool, small);
        eq(staking.poolOf(pool).endsAt, START + STREAM, "ends");
    }

    function testFuzz_TheMeanIsBetweenTheEnds(uint128 first, uint128 second, uint32 passed) public {
        relay(a, PATIENT_KEY);
        (first, second, passed) = (first % 1e28 + 1, second % 1e28 + 1, passed % (STREAM + 2 days));
        depositCoin(pool, first);
        vm.warp(START + passed);
        uint256 left = staking.poolOf(pool).left;
        depositCoin(pool, second);
        PoolView memory p = staking.poolOf(pool);
        uint256 rest = passed < STREAM ? STREAM - passed : STREAM;
        isTrue(p.endsAt >= block.timestamp + rest && p.endsAt <= block.timestamp + STREAM, "between");
        eq(p.left, left + second, "left");
        vm.warp(p.endsAt);
        eq(staking.poolOf(pool).left, 0, "all flows");
        isTrue(owedTo(a) + 2 >= uint256(first) + second, "all is owed, but for rounding");
        isTrue(owedTo(a) <= uint256(first) + second, "and no more");
    }

    function test_TheNearestSecondOfTheMean() public {
        relay(a, PATIENT_KEY);
        depositCoin(pool, 1000);
        vm.warp(START + STREAM - 1);
        eq(staking.poolOf(pool).left, 1, "left");
        depositCoin(pool, 1); // 1 of 1 s, 1 of 30 days: half a second over
        eq(staking.poolOf(pool).endsAt, START + STREAM - 1 + STREAM / 2 + 1, "rounded up from the half on");
    }

    function test_DepositsAreChecked() public {
        wants(IStaking.Nothing.selector);
        staking.deposit(pool, 0);
        wants(IStaking.NoSuchPool.selector, uint256(5));
        staking.deposit{value: 1}(bytes32(uint256(5)), 1);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 1, 2));
        staking.deposit{value: 1}(pool, 2);
    }

    function test_APauseStopsNoDeposit() public {
        pauser.pause(type(uint64).max);
        depositCoin(pool, 1);
        eq(staking.poolOf(pool).left, 1, "left");
    }

    function test_NoMoreThanAPoolCanCount() public {
        (bytes32 hoard, Coin coin, Stake memory s) = coinPool(Coin.Habit.Plain);
        uint128 most = type(uint128).max - uint128(1 << 96);
        coin.mint(address(this), type(uint256).max / 2);
        coin.approve(address(staking), type(uint256).max / 2);
        wants(IStaking.TooMuch.selector);
        staking.deposit(hoard, most + 1);
        staking.deposit(hoard, most);
        wants(IStaking.TooMuch.selector);
        staking.deposit(hoard, 1);
        vm.warp(START + STREAM);
        wants(IStaking.TooMuch.selector);
        staking.deposit(hoard, 1); // also when it has flowed
        vm.prank(company);
        coin.approve(address(staking), 5);
        coin.mint(company, 5);
        vm.prank(company);
        staking.pledge(hoard, 5, 1, uint40(block.timestamp + 1)); // a bond has room
        vm.warp(START + STREAM + 2);
        staking.forfeit(hoard);
        vm.warp(START + 3 * STREAM);
        unbondAs(s);
        eq(owedTo(s), uint256(most) + 5, "all of it, to the unit");
        vm.prank(company);
        wants(IStaking.TooMuch.selector);
        staking.pledge(hoard, 5, 1, uint40(block.timestamp + 1)); // its room is used up
    }

    function coinPool(Coin.Habit habit) private returns (bytes32 made, Coin coin, Stake memory s) {
        coin = new Coin(habit);
        StakingTerms memory terms = usualTerms();
        terms.currency = address(coin);
        made = openWith(terms);
        s = stakeFor(made, other, tokenFor(other, OTHER_KEY, 7), 1);
        relay(s, OTHER_KEY);
    }

    function testFuzz_AnyMoneyFlows(uint8 habit, uint128 amount) public {
        (bytes32 made, Coin coin, Stake memory s) = coinPool(Coin.Habit(habit % 5));
        amount = amount % 1e30 + 101;
        coin.mint(address(this), amount);
        coin.approve(address(staking), amount);
        bytes memory again = abi.encodeCall(IStaking.deposit, (made, 1));
        coin.reenter(address(staking), again);
        if (coin.habit() == Coin.Habit.ReturnsFalse || coin.habit() == Coin.Habit.TakesAFee) {
            vm.expectRevert();
            staking.deposit(made, amount);
            return;
        }
        staking.deposit(made, amount);
        eq(coin.balanceOf(address(staking)), amount, "here");
        vm.warp(START + STREAM);
        coin.reenter(address(staking), abi.encodeCall(IStaking.claim, (s)));
        staking.claim(s);
        eq(coin.balanceOf(other), amount, "paid");
        eq(coin.reentered(), 0, "calls back");
    }

    function test_ADepositCannotBeReentered() public {
        (bytes32 made, Coin coin,) = coinPool(Coin.Habit.CallsBack);
        coin.mint(address(coin), 5);
        coin.mint(address(this), 5);
        coin.approve(address(staking), 5);
        // A deposit of coin from within: nothing but the guard is against it.
        vm.deal(address(coin), 1);
        Fund fund = new Fund{value: 1}(staking, pool);
        coin.reenter(address(fund), abi.encodeCall(Fund.deposit, ()));
        staking.deposit(made, 5);
        eq(coin.reentered(), 0, "from a deposit");
        vm.prank(company);
        coin.approve(address(staking), 5);
        coin.mint(company, 5);
        vm.prank(company);
        staking.pledge(made, 5, 1, uint40(START + 1));
        eq(coin.reentered(), 0, "from a pledge");
    }

    function test_MoneySentWithATokenDepositIsRefused() public {
        (bytes32 made, Coin coin,) = coinPool(Coin.Habit.Plain);
        coin.mint(address(this), 1);
        coin.approve(address(staking), 1);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 1, 0));
        staking.deposit{value: 1}(made, 1);
    }

    // Claims.

    function test_AnyoneClaimsForAStaker() public {
        relay(a, PATIENT_KEY);
        depositCoin(pool, 30 days);
        vm.warp(START + 10 days);
        vm.expectEmit(true, true, true, true, address(staking));
        emit IStaking.Claimed(hashOf(a), patient, 10 days);
        vm.prank(relayer);
        staking.claim(a);
        eq(patient.balance, 10 days, "paid");
        eq(owedTo(a), 0, "owed");
        eq(address(staking).balance, 20 days, "the rest is here");
        wants(IStaking.NothingOwed.selector, uint256(hashOf(a)));
        staking.claim(a);
        vm.warp(START + 30 days);
        staking.claim(a);
        eq(patient.balance, 30 days, "all");
    }

    function test_WhoNeverStakedIsOwedNothing() public {
        wants(IStaking.NothingOwed.selector, uint256(hashOf(a)));
        staking.claim(a);
        relay(a, PATIENT_KEY);
        depositCoin(pool, 30 days);
        vm.warp(START + 1 days);
        a.weight = 100;
        wants(IStaking.NothingOwed.selector, uint256(hashOf(a)));
        staking.claim(a);
    }

    function test_TheStakerAloneSaysWhereElse() public {
        relay(a, PATIENT_KEY);
        depositCoin(pool, 30 days);
        vm.warp(START + 1 days);
        wants(IStaking.NotStaker.selector, relayer);
        vm.prank(relayer);
        staking.claimTo(a, relayer);
        vm.prank(patient);
        staking.claimTo(a, address(0xFEED));
        eq(address(0xFEED).balance, 1 days, "paid");
    }

    function testFuzz_ClaimingOftenLosesNothing(uint16[8] memory waits, uint64 weight, uint64 amount) public {
        a.weight = weight % (CAP - 3) + 1;
        relay(a, PATIENT_KEY);
        relay(b, DOCTOR_KEY);
        amount = amount % 1_000_000 + 1; // few units: rounding would be seen
        depositCoin(pool, amount);
        for (uint256 i = 0; i < waits.length; ++i) {
            vm.warp(block.timestamp + waits[i]);
            if (owedTo(a) != 0) staking.claim(a);
        }
        vm.warp(START + STREAM);
        if (owedTo(a) != 0) staking.claim(a);
        uint256 due = uint256(amount) * a.weight / (a.weight + 3);
        isTrue(patient.balance <= due, "no more than the share");
        isTrue(patient.balance + 1 >= due, "nor a unit less");
        isTrue(patient.balance + owedTo(b) <= amount, "no more than was deposited");
    }

    /// What flowed to a stake is paid where its staker says, whole and once; nobody else moves it by a single wei.
    function testFuzz_WhatFlowedGoesWhereItsStakerSays(uint64 weight, uint96 amount, uint24 passed, address by, bool itself)
        public
    {
        if (itself) by = patient;
        address to = address(uint160(uint256(keccak256(abi.encode(weight, amount, by)))));
        a.weight = weight % (CAP - 3) + 1;
        relay(a, PATIENT_KEY);
        relay(b, DOCTOR_KEY);
        depositCoin(pool, amount % 1e24 + 1);
        vm.warp(START + passed);
        (uint256 due, uint256 others) = (owedTo(a), owedTo(b));
        isTrue(due <= uint256(amount % 1e24 + 1) * a.weight / (a.weight + 3), "by weight at most");
        vm.prank(by);
        (bool ok,) = address(staking).call(abi.encodeCall(IStaking.claimTo, (a, to)));
        isTrue(ok == (by == patient && due != 0), "its own word");
        eq(to.balance, ok ? due : 0, "elsewhere");
        eq(owedTo(a), due - to.balance, "what is left");
        eq(owedTo(b), others, "the other's");
        eq(address(staking).balance, amount % 1e24 + 1 - to.balance, "the rest is here");
        vm.prank(by);
        (ok,) = address(staking).call(abi.encodeCall(IStaking.claimTo, (a, to)));
        isTrue(!ok, "not twice");
    }

    function test_AStakerThatRefusesHarmsItselfAlone() public {
        Receiver stubborn = new Receiver();
        Stake memory s = stakeFor(pool, address(stubborn), tokenFor(address(stubborn), OTHER_KEY, 3), 1);
        relay(s, OTHER_KEY);
        relay(a, PATIENT_KEY);
        depositCoin(pool, 60 days);
        vm.warp(START + 10 days);
        stubborn.refuse(true);
        wants(Money.PaymentRefused.selector, address(stubborn));
        staking.claim(s);
        staking.claim(a);
        eq(patient.balance, 10 days, "the other is paid");
        stubborn.run(address(staking), 0, abi.encodeCall(IStaking.claimTo, (s, address(0xFEED))));
        eq(address(0xFEED).balance, 10 days, "and it is paid elsewhere");
    }

    function test_ClaimingFromWithinAClaimGainsNothing() public {
        Receiver thief = new Receiver();
        Stake memory s = stakeFor(pool, address(thief), tokenFor(address(thief), OTHER_KEY, 3), 1);
        relay(s, OTHER_KEY);
        depositCoin(pool, 30 days);
        vm.warp(START + 10 days);
        thief.reenter(address(staking), abi.encodeCall(IStaking.claim, (s)));
        staking.claim(s);
        eq(thief.reentered(), 0, "calls back");
        eq(address(thief).balance, 10 days, "paid once");
    }

    // Exit.

    function test_ATokenComesBackAfterTheUnbondingTime() public {
        relay(a, PATIENT_KEY);
        vm.expectEmit(true, true, true, true, address(staking));
        emit IStaking.Unbonding(pool, hashOf(a), uint64(START + UNBONDING));
        unbondAs(a);
        eq(staking.poolOf(pool).weight, 0, "weight");
        vm.warp(START + UNBONDING - 1);
        wants(IStaking.TooEarly.selector, START + UNBONDING);
        staking.unstake(a);
        vm.warp(START + UNBONDING);
        vm.expectEmit(true, true, true, true, address(staking));
        emit IStaking.Unstaked(pool, hashOf(a));
        vm.prank(relayer);
        staking.unstake(a);
        eq(assets.ownerOf(a.tokenId), patient, "back");
        eq(stateOf(a), uint256(StakeState.Taken), "state");
        wantsState(a, StakeState.Taken);
        staking.unstake(a);
    }

    function testFuzz_TheUnbondingTimeIsThePools(uint32 unbonding, uint32 passed) public {
        StakingTerms memory terms = usualTerms();
        terms.unbondingSeconds = unbonding % (90 days - 1 hours) + 1 hours;
        a.pool = openWith(terms);
        relay(a, PATIENT_KEY);
        unbondAs(a);
        (, uint64 freeAt,) = staking.stakeOf(a);
        eq(freeAt, START + terms.unbondingSeconds, "free at");
        passed %= 91 days;
        vm.warp(START + passed);
        if (passed < terms.unbondingSeconds) wants(IStaking.TooEarly.selector, freeAt);
        staking.unstake(a);
    }

    function test_ARelayerAsksBackForAStakerWhoSigned() public {
        relay(a, PATIENT_KEY);
        bytes memory bad = signature(OTHER_KEY, unbondDigest(a));
        bytes memory wrong = signature(PATIENT_KEY, hashOf(a));
        bytes memory good = signature(PATIENT_KEY, unbondDigest(a));
        wants(IStaking.BadSignature.selector, patient);
        staking.unbond(a, bad);
        wants(IStaking.BadSignature.selector, patient);
        staking.unbond(a, wrong);
        wants(IStaking.BadSignature.selector, patient);
        vm.prank(company);
        staking.unbond(a, "");
        staking.unbond(a, good);
        wantsState(a, StakeState.Unbonding);
        staking.unbond(a, good);
    }

    function test_WhatDoesNotStandIsNotAskedBack() public {
        wantsState(a, StakeState.None);
        unbondAs(a);
        wantsState(a, StakeState.None);
        staking.unstake(a);
        relay(a, PATIENT_KEY);
        wantsState(a, StakeState.Standing);
        staking.unstake(a);
    }

    function test_NothingHindersTheWayOut() public {
        (bytes32 made, Coin coin, Stake memory s) = coinPool(Coin.Habit.Plain);
        coin.mint(address(this), 30 days);
        coin.approve(address(staking), 30 days);
        staking.deposit(made, 30 days);
        vm.warp(START + 10 days);
        coin.shrink(address(staking), 0); // the dividends cannot be paid
        pauser.pause(type(uint64).max); // all is paused
        vm.etch(company, hex"fe"); // the company is gone
        unbondAs(s);
        vm.expectRevert();
        staking.claim(s);
        vm.warp(START + 10 days + UNBONDING);
        staking.unstake(s);
        eq(assets.ownerOf(s.tokenId), other, "back");
        eq(owedTo(s), 10 days, "still owed");
        coin.mint(address(staking), 10 days);
        staking.claim(s);
        eq(coin.balanceOf(other), 10 days, "paid after all");
    }

    function test_AReceiverThatTakesNoTokenGetsItBack() public {
        Wallet wallet = new Wallet(); // no onERC721Received
        wallet.be(Wallet.Mood.Honest);
        Stake memory s = stakeFor(pool, address(wallet), tokenFor(address(wallet), OTHER_KEY, 3), 1);
        relay(s, OTHER_KEY);
        staking.unbond(s, "any");
        vm.warp(START + UNBONDING);
        staking.unstake(s);
        eq(assets.ownerOf(s.tokenId), address(wallet), "back");
    }

    // Reclaim.

    function test_TheCompanyTakesBackWhatNobodyStandsFor() public {
        relay(a, PATIENT_KEY);
        depositCoin(pool, 30 days);
        vm.warp(START + 10 days);
        vm.prank(company);
        wants(IStaking.StillStanding.selector, 1);
        staking.reclaim(pool, address(0xFEED));
        unbondAs(a);
        wants(IStaking.NotCompany.selector, relayer);
        vm.prank(relayer);
        staking.reclaim(pool, relayer);
        vm.prank(company);
        wants(IStaking.NoSuchPool.selector, uint256(1));
        staking.reclaim(bytes32(uint256(1)), company);
        vm.expectEmit(true, true, true, true, address(staking));
        emit IStaking.Reclaimed(pool, address(0xFEED), 20 days);
        vm.prank(company);
        staking.reclaim(pool, address(0xFEED));
        eq(address(0xFEED).balance, 20 days, "taken back");
        vm.prank(company);
        wants(IStaking.Nothing.selector);
        staking.reclaim(pool, company);
        staking.claim(a);
        eq(patient.balance, 10 days, "what was earned stays");
    }

    function testFuzz_ReclaimLeavesWhatWasEarned(uint128 amount, uint32 passed) public {
        amount = amount % 1e28 + 1;
        relay(a, PATIENT_KEY);
        depositCoin(pool, amount);
        vm.warp(START + passed % (2 * STREAM));
        unbondAs(a);
        uint256 left = staking.poolOf(pool).left;
        vm.prank(company);
        if (left == 0) wants(IStaking.Nothing.selector);
        staking.reclaim(pool, address(0xFEED));
        eq(address(0xFEED).balance, left, "taken back");
        isTrue(address(staking).balance >= owedTo(a), "owed is here");
        if (owedTo(a) != 0) staking.claim(a);
        isTrue(address(staking).balance <= 1, "and no more, but for rounding");
    }

    function test_AfterAReclaimAPoolGoesOn() public {
        depositCoin(pool, 5);
        vm.prank(company);
        staking.reclaim(pool, company);
        vm.warp(START + 40 days);
        relay(a, PATIENT_KEY);
        depositCoin(pool, 30 days);
        eq(staking.poolOf(pool).endsAt, START + 70 days, "ends");
        vm.warp(START + 71 days);
        eq(owedTo(a), 30 days, "owed");
    }

    // Pledges.

    function pledgeUsual() private {
        vm.prank(company);
        staking.pledge{value: 7}(pool, 7, 100, uint40(START + 20 days));
    }

    function test_APledgeIsSaid() public {
        vm.expectEmit(true, true, true, true, address(staking));
        emit IStaking.Pledged(pool, 7, 100, uint64(START + 20 days));
        pledgeUsual();
        Pledge memory p = staking.pledgeOf(pool);
        eq(p.bond, 7, "bond");
        eq(p.minimum, 100, "minimum");
        eq(p.dueAt, START + 20 days, "due");
        eq(p.paid, 0, "paid");
        eq(address(staking).balance, 7, "here");
    }

    function test_APledgeIsChecked() public {
        wants(IStaking.NotCompany.selector, address(this));
        staking.pledge{value: 7}(pool, 7, 100, uint40(START + 1));
        vm.prank(company);
        wants(IStaking.Nothing.selector);
        staking.pledge(pool, 0, 100, uint40(START + 1));
        vm.prank(company);
        wants(IStaking.Nothing.selector);
        staking.pledge{value: 7}(pool, 7, 0, uint40(START + 1));
        vm.prank(company);
        wants(IStaking.BadTerms.selector);
        staking.pledge{value: 7}(pool, 7, 1, uint40(START));
        vm.prank(company);
        wants(IStaking.BadTerms.selector);
        staking.pledge{value: 7}(pool, 7, 1, uint40(START + 366 days + 1));
        vm.prank(company);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 6, 7));
        staking.pledge{value: 6}(pool, 7, 1, uint40(START + 366 days));
        vm.prank(company);
        staking.pledge{value: 7}(pool, 7, 1, uint40(START + 366 days));
        wants(IStaking.PledgeOpen.selector, uint256(pool));
        pledgeUsual();
    }

    function test_APauseStopsPledges() public {
        wantsPaused();
        pledgeUsual();
    }

    function test_AKeptPledgeComesBack() public {
        relay(a, PATIENT_KEY);
        depositCoin(pool, 1000); // before it does not count
        pledgeUsual();
        depositCoin(pool, 99);
        vm.prank(company);
        vm.expectRevert(abi.encodeWithSelector(IStaking.PledgeUnkept.selector, 99, 100));
        staking.takeBond(pool, company);
        vm.warp(START + 20 days);
        depositCoin(pool, 1); // on the day
        wants(IStaking.NotCompany.selector, relayer);
        vm.prank(relayer);
        staking.takeBond(pool, relayer);
        vm.warp(START + 21 days);
        wants(IStaking.PledgeWasKept.selector, uint256(pool));
        staking.forfeit(pool);
        vm.expectEmit(true, true, true, true, address(staking));
        emit IStaking.PledgeKept(pool, address(0xFEED), 7);
        vm.prank(company);
        staking.takeBond(pool, address(0xFEED));
        eq(address(0xFEED).balance, 7, "back");
        eq(staking.pledgeOf(pool).bond, 0, "no pledge");
        vm.prank(company);
        wants(IStaking.NoPledge.selector, uint256(pool));
        staking.takeBond(pool, company);
        pledgeAgain();
    }

    function pledgeAgain() private {
        depositCoin(pool, 500);
        vm.prank(company);
        staking.pledge{value: 7}(pool, 7, 100, uint40(block.timestamp + 1));
        eq(staking.pledgeOf(pool).paid, 0, "from the pledge on");
    }

    function test_ABrokenPledgeFlowsToTheStakers() public {
        relay(a, PATIENT_KEY);
        pledgeUsual();
        depositCoin(pool, 99);
        vm.warp(START + 20 days);
        wants(IStaking.TooEarly.selector, START + 20 days + 1);
        staking.forfeit(pool);
        vm.warp(START + 20 days + 1);
        depositCoin(pool, 1); // too late
        uint256 left = staking.poolOf(pool).left;
        vm.prank(company);
        vm.expectRevert(abi.encodeWithSelector(IStaking.PledgeUnkept.selector, 99, 100));
        staking.takeBond(pool, company);
        vm.expectEmit(true, true, false, false, address(staking));
        emit IStaking.PledgeBroken(pool, 7, 0);
        vm.prank(relayer);
        staking.forfeit(pool);
        eq(staking.poolOf(pool).left, left + 7, "flows");
        wants(IStaking.NoPledge.selector, uint256(pool));
        staking.forfeit(pool);
        vm.warp(START + 100 days);
        eq(owedTo(a), 107, "all");
        unbondAs(a);
        pledgeAgain();
    }

    function test_WhatIsTakenBackWasNotPaid() public {
        depositCoin(pool, 50);
        pledgeUsual();
        depositCoin(pool, 120);
        eq(staking.pledgeOf(pool).paid, 120, "paid");
        vm.prank(company);
        staking.reclaim(pool, company); // 170
        eq(staking.pledgeOf(pool).paid, 0, "nothing");
        relay(a, PATIENT_KEY);
        depositCoin(pool, 120);
        vm.warp(START + 3 days);
        unbondAs(a);
        vm.prank(company);
        staking.reclaim(pool, company); // 108
        eq(staking.pledgeOf(pool).paid, 12, "what had flowed");
    }

    function testFuzz_ABondHasOneWay(uint96 bond, uint128 minimum, uint128 paid, bool late) public {
        bond = bond % 1e27 + 1;
        (minimum, paid) = (minimum % 1e27 + 1, paid % 2e27 + 1);
        vm.prank(company);
        staking.pledge{value: bond}(pool, bond, minimum, uint40(START + 20 days));
        if (late) vm.warp(START + 20 days + 1);
        depositCoin(pool, paid);
        vm.warp(START + 21 days);
        bool kept = !late && paid >= minimum;
        vm.prank(company);
        if (!kept) vm.expectRevert();
        staking.takeBond(pool, address(0xFEED));
        if (kept) wants(IStaking.NoPledge.selector, uint256(pool));
        staking.forfeit(pool);
        eq(address(0xFEED).balance, kept ? bond : 0, "bond");
        eq(address(staking).balance, kept ? paid : uint256(paid) + bond, "here");
        eq(staking.poolOf(pool).left, address(staking).balance, "flows");
    }

    // The rest.

    function test_WithoutAPauseNothingIsAsked() public {
        staking = Staking(deploy("Staking", abi.encode(address(0))));
        vm.prank(patient);
        assets.setApprovalForAll(address(staking), true);
        openUsual();
        relay(a, PATIENT_KEY);
        eq(staking.poolOf(pool).weight, 1, "weight");
    }

    function test_OnePoolsMoneyIsNotAnothers() public {
        StakingTerms memory terms = usualTerms();
        terms.termsHash = "second";
        b.pool = openWith(terms);
        relay(a, PATIENT_KEY);
        relay(b, DOCTOR_KEY);
        depositCoin(pool, 30 days);
        vm.warp(START + STREAM);
        eq(owedTo(a), 30 days, "a");
        eq(owedTo(b), 0, "b");
        wants(IStaking.NothingOwed.selector, uint256(hashOf(b)));
        staking.claim(b);
    }

    function test_StorageIsPinned() public {
        relay(a, PATIENT_KEY);
        depositCoin(pool, 5);
        bytes32 slot = keccak256(abi.encode(hashOf(a), 3));
        eq(uint256(vm.load(address(staking), slot)) >> 232, uint256(StakeState.Standing), "position");
        slot = keccak256(abi.encode(pool, 0));
        eq(uint128(uint256(vm.load(address(staking), bytes32(uint256(slot) + 1)))), 5, "left");
        slot = keccak256(abi.encode(pool, 1));
        eq(address(uint160(uint256(vm.load(address(staking), slot)))), company, "company");
        slot = keccak256(abi.encode(pool, 2));
        eq(vm.load(address(staking), slot), 0, "pledge");
    }
}

/// @notice Deposits its money when it is called.
contract Fund {
    Staking private immutable STAKING;
    bytes32 private immutable POOL;

    constructor(Staking staking, bytes32 pool) payable {
        (STAKING, POOL) = (staking, pool);
    }

    function deposit() external {
        STAKING.deposit{value: 1}(POOL, 1);
    }
}
